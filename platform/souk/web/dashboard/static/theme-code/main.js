// Edits one file at a time; the server checks the whole theme with every save.
import { get, post } from "../theme-editor/api.js";
import { painted } from "./paint.js";

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("code-data").textContent);
const field = $("text");
let kept = "";
let path = "";

function open(name, text, version, line) {
  path = name;
  kept = text;
  data.version = version;
  field.value = text;
  $("path").textContent = name || "Choose a file";
  field.disabled = !name;
  $("delete").disabled = $("save").disabled = !name;
  $("findings").replaceChildren();
  for (const link of document.querySelectorAll("[data-file]")) {
    link.toggleAttribute("aria-current", link.dataset.file === name);
    if (link.dataset.file === name) link.closest("details").open = true;
  }
  draw();
  if (line) go(line);
  else field.scrollTop = 0;
}

function draw() {
  $("painted").replaceChildren(painted(field.value, path));
  const lines = field.value.split("\n").length;
  $("numbers").textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
  follow();
  $("state").textContent = field.value === kept ? "" : "Not saved";
}
const follow = () => {
  $("painted").style.transform = `translate(${-field.scrollLeft}px, ${-field.scrollTop}px)`;
  $("numbers").style.transform = `translateY(${-field.scrollTop}px)`;
};

function go(line) {
  const start = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start);
  field.scrollTop = Math.max((line - 6) * 20, 0);
  follow();
}

function show(findings) {
  $("findings").replaceChildren(...findings.map((each) => {
    const item = document.createElement("li");
    const jump = document.createElement("button");
    jump.type = "button";
    jump.className = "link";
    jump.textContent = `${each.file}:${each.line}`;
    jump.addEventListener("click", () => (each.file === path ? go(each.line) : load(each.file, each.line)));
    item.className = each.severity;
    item.append(jump, ` ${each.message}`);
    return item;
  }));
}

const may = () => field.value === kept || confirm("Leave this file without saving what you changed?");

async function load(name, line) {
  if (!may()) return;
  try {
    const found = await get(data.urls.read_theme_file, { path: name });
    history.replaceState(null, "", `?file=${encodeURIComponent(name)}`);
    open(name, found.text, found.version, line);
  } catch (error) { $("state").textContent = error.message; }
}

async function send(text) {
  $("state").textContent = "Checking…";
  $("save").disabled = true;
  try {
    const saved = await post(data.urls.save_theme_file, { version: data.version, path, text });
    data.version = saved.version;
    if (text === null) { location.href = data.urls.theme_code; return; }
    kept = text;
    show(saved.findings);
    $("state").textContent = field.value === kept ? "Saved" : "Not saved";
  } catch (error) {
    show(error.body?.findings ?? []);
    $("state").textContent = error.status === 409
      ? `${error.body.by_name} changed this theme meanwhile; copy your text, reload the page and put it in again.`
      : error.body?.findings?.length ? "Not saved: correct what is listed below." : error.message;
  } finally { $("save").disabled = false; }
}

field.addEventListener("input", draw);
field.addEventListener("scroll", follow);
field.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); send(field.value); }
  // Tab indents only behind a blank line start; Escape gives the key back to those who move by it.
  if (event.key === "Escape") field.dataset.free = "1";
  if (event.key === "Tab" && !event.shiftKey && !field.dataset.free) {
    event.preventDefault();
    field.setRangeText("  ", field.selectionStart, field.selectionEnd, "end");
    draw();
  }
});
field.addEventListener("focus", () => { delete field.dataset.free; });
$("save").addEventListener("click", () => send(field.value));
$("delete").addEventListener("click", () => { if (confirm(`Delete ${path}?`)) send(null); });
$("new").addEventListener("click", () => {
  if (!may()) return;
  const name = prompt("Path of the new file, such as snippets/badge.html or assets/extra.css", "snippets/");
  if (!name) return;
  open(name.trim(), "", data.version);
  kept = null;
  draw();
  field.focus();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-file]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  load(link.dataset.file);
});
let timer;
$("find").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const terms = $("find").value.trim();
    $("found").hidden = terms.length < 2;
    $("files").hidden = terms.length >= 2;
    if (terms.length < 2) return;
    const { found } = await get(data.urls.search_theme_code, { q: terms }).catch(() => ({ found: [] }));
    $("found").replaceChildren(...found.map((each) => {
      const item = document.createElement("li");
      const jump = document.createElement("button");
      jump.type = "button";
      jump.className = "link";
      jump.append(Object.assign(document.createElement("b"), { textContent: `${each.path}:${each.line}` }),
        Object.assign(document.createElement("code"), { textContent: each.text }));
      jump.addEventListener("click", () => load(each.path, each.line));
      item.append(jump);
      return item;
    }));
    if (!found.length) $("found").append(Object.assign(document.createElement("li"), { textContent: "Found nowhere." }));
  }, 250);
});
addEventListener("beforeunload", (event) => { if (field.value !== kept && path) event.preventDefault(); });
open(data.path, data.text, data.version);
