// The editor's other half, inside the frame: draws sections again, shows what is selected, tells what was clicked.
// It obeys the dashboard's own origin alone, and only the window that frames it.
const script = document.querySelector("script[data-editor]");
const editor = script?.dataset.editor ?? "";
let inspecting = true;
let selected = null;
let hovered = null;

const tell = (type, facts = {}) => parent.postMessage({ souk: 1, type, ...facts }, editor);
const sectionOf = (id) => document.querySelector(`[data-section-id="${CSS.escape(id)}"]`);
const blockOf = (section, id) => sectionOf(section)?.querySelector(`[data-block-id="${CSS.escape(id)}"]`);
const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

// ---- What is drawn over the page -------------------------------------------------------------------------------
const layer = document.createElement("div");
layer.style.cssText = "position:fixed;inset:0;pointer-events:none;z-index:2147483646;overflow:hidden";
const box = (color, solid) => {
  const made = layer.appendChild(document.createElement("div"));
  made.style.cssText = `position:absolute;display:none;border:2px ${solid ? "solid" : "dashed"} ${color};border-radius:4px`;
  const label = made.appendChild(document.createElement("span"));
  label.style.cssText = `position:absolute;left:-2px;top:-2px;padding:2px 8px;background:${color};color:#fff;` +
    "font:600 11px/1.5 system-ui,sans-serif;border-radius:4px 0 4px 0;white-space:nowrap";
  return made;
};
const hoverBox = box("#4c8f78", false);
const selectBox = box("#1f5f4a", true);
const names = {};

function place(frame, target, name) {
  const rect = target?.isConnected ? target.getBoundingClientRect() : null;
  frame.style.display = rect && rect.width && rect.height ? "block" : "none";
  if (!rect) return;
  Object.assign(frame.style, {
    left: `${Math.max(rect.left, 0)}px`, top: `${Math.max(rect.top, 0)}px`,
    width: `${Math.min(rect.width, innerWidth)}px`, height: `${rect.height + Math.min(rect.top, 0)}px`,
  });
  frame.firstChild.textContent = name;
}

function targetOf(choice) {
  if (!choice) return null;
  return (choice.block && blockOf(choice.section, choice.block)) || sectionOf(choice.section);
}

function redraw() {
  const key = (choice) => names[choice?.block || choice?.section] ?? "";
  place(selectBox, targetOf(selected), key(selected));
  const same = hovered?.section === selected?.section && hovered?.block === selected?.block;
  place(hoverBox, same ? null : targetOf(hovered), key(hovered));
}

let asked = false;
function soon() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; redraw(); });
}

// ---- Clicks --------------------------------------------------------------------------------------------------------
function choiceAt(element) {
  const section = element?.closest?.("[data-section-id]");
  if (!section) return null;
  const block = element.closest("[data-block-id]");
  return { section: section.dataset.sectionId, block: block && section.contains(block) ? block.dataset.blockId : null };
}

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (inspecting) {
    const choice = choiceAt(event.target);
    if (!choice) return;
    event.preventDefault();
    event.stopPropagation();
    tell("selected", choice);
  } else if (link) {
    const address = new URL(link.href, location.href);
    if (address.origin !== location.origin || event.defaultPrevented) { event.preventDefault(); return; }
    if (address.hash && address.pathname === location.pathname) return;
    event.preventDefault();
    tell("follow", { path: address.pathname + address.search });
  }
}, true);
addEventListener("submit", (event) => { if (inspecting) event.preventDefault(); }, true);
addEventListener("pointermove", (event) => {
  const found = inspecting ? choiceAt(event.target) : null;
  if (found?.section !== hovered?.section || found?.block !== hovered?.block) { hovered = found; soon(); }
}, { passive: true });
document.addEventListener("pointerleave", () => { hovered = null; soon(); });
addEventListener("scroll", soon, { passive: true, capture: true });
addEventListener("resize", soon);
// The keys of the editor work here too.
addEventListener("keydown", (event) => {
  const keys = (event.ctrlKey || event.metaKey) && ["z", "y", "s"].includes(event.key.toLowerCase());
  if (!keys) return;
  event.preventDefault();
  tell("key", { key: event.key.toLowerCase(), shift: event.shiftKey });
});

// ---- Drawing again ---------------------------------------------------------------------------------------------
async function ask(draft, sections) {
  const address = new URL(location.href);
  if (sections) address.searchParams.set("sections", sections.join(","));
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Souk-Draft": "1" },
    body: JSON.stringify(draft),
    credentials: "same-origin",
  });
  if (!answer.ok && answer.status !== 404) throw new Error(`The preview answered ${answer.status}.`);
  return sections ? answer.json() : answer.text();
}

function swap(old, html) {
  const id = old.dataset.sectionId;
  const made = document.createRange().createContextualFragment(html).firstElementChild;
  if (!made || made.outerHTML === old.outerHTML) return;
  announce("section:unload", { id });
  old.replaceWith(made);
  announce("section:load", { id });
}

async function render({ sections, draft, seq }) {
  const started = performance.now();
  const parts = await ask(draft, sections);
  for (const [id, html] of Object.entries(parts)) {
    const old = sectionOf(id);
    if (old) swap(old, html);
  }
  redraw();
  tell("rendered", { seq, ms: Math.round(performance.now() - started) });
}

const copyAttributes = (from, to) => {
  for (const each of [...to.attributes]) if (!from.hasAttribute(each.name)) to.removeAttribute(each.name);
  for (const each of from.attributes) if (to.getAttribute(each.name) !== each.value) to.setAttribute(each.name, each.value);
};

/** Bring sections of the page into the state of `fresh`, leaving what did not change as it is, with its scripts. */
function sync(fresh) {
  copyAttributes(fresh.documentElement, document.documentElement);
  copyAttributes(fresh.body, document.body);
  const styles = (root) => [...root.querySelectorAll("head style")];
  const mine = styles(document);
  styles(fresh).forEach((style, at) => {
    if (mine[at] && mine[at].textContent !== style.textContent) mine[at].textContent = style.textContent;
  });
  const wanted = [...fresh.querySelectorAll("[data-section-id]")];
  const ids = new Set(wanted.map((each) => each.dataset.sectionId));
  for (const old of document.querySelectorAll("[data-section-id]")) {
    if (!ids.has(old.dataset.sectionId)) { announce("section:unload", { id: old.dataset.sectionId }); old.remove(); }
  }
  for (const section of wanted) settle(section);
}

function settle(section) {
  const id = section.dataset.sectionId;
  const before = section.previousElementSibling?.dataset?.sectionId;
  const parent = before ? sectionOf(before)?.parentElement : home(section);
  if (!parent) return;
  let mine = sectionOf(id);
  if (!mine) {
    mine = document.importNode(section, true);
    put(mine, parent, before);
    announce("section:load", { id });
    return;
  }
  const at = before ? sectionOf(before)?.nextElementSibling : null;
  if (before ? at !== mine : mine.previousElementSibling?.dataset?.sectionId) {
    put(mine, parent, before);
    announce("section:reorder", { id });
  }
  swap(mine, section.outerHTML);
}

const put = (element, parent, before) => {
  if (before) sectionOf(before).after(element);
  else if (parent === document.body) anchor(element, parent);
  else parent.prepend(element);
};

// Header and footer groups stand in the body among other things: a new first one goes where its group's others are.
const anchor = (element, parent) => {
  const main = parent.querySelector("main");
  if (!main) parent.append(element);
  else if (element.dataset.soukAfterMain) main.after(element);
  else main.before(element);
};

function home(section) {
  const outer = section.parentElement;
  if (outer.id) return document.getElementById(outer.id);
  if (outer.tagName === "MAIN") return document.querySelector("main");
  return document.body;
}

async function refresh({ draft, seq }) {
  const started = performance.now();
  const fresh = new DOMParser().parseFromString(await ask(draft), "text/html");
  const main = fresh.querySelector("main");
  for (const each of fresh.querySelectorAll("body > [data-section-id]")) {
    if (main && main.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING) each.dataset.soukAfterMain = "1";
  }
  sync(fresh);
  redraw();
  tell("rendered", { seq, ms: Math.round(performance.now() - started), whole: true });
}

function select(message) {
  if (selected) announce(selected.block ? "block:deselect" : "section:deselect", { id: selected.section });
  selected = message.section ? { section: message.section, block: message.block } : null;
  const target = targetOf(selected);
  if (target && message.scroll) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }
  if (selected) announce(selected.block ? "block:select" : "section:select", { id: selected.section });
  redraw();
}

const does = {
  render, refresh, select,
  hover: (message) => { hovered = message.section ? message : null; redraw(); },
  inspect: (message) => { inspecting = message.on; hovered = null; redraw(); },
  names: (message) => { Object.assign(names, message.names); redraw(); },
};

addEventListener("message", async (event) => {
  if (event.origin !== editor || event.source !== parent || event.data?.souk !== 1) return;
  try {
    await does[event.data.type]?.(event.data);
  } catch (error) {
    tell("failed", { seq: event.data.seq, message: String(error.message ?? error) });
  }
});

if (parent !== window && editor) {
  document.body.append(layer);
  document.documentElement.style.scrollPaddingBlock = "80px";
  const style = document.head.appendChild(document.createElement("style"));
  style.dataset.souk = "";
  style.textContent = ".souk-section-error{margin:16px;padding:16px;border:2px solid #a92f22;border-radius:8px;" +
    "background:#fcebe8;color:#1b1f24;font:14px/1.5 system-ui,sans-serif}";
  tell("ready", { template: script.dataset.template, path: location.pathname });
}
