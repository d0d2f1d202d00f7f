// Puts the editor together: what is chosen, what changes, and what the frame shows of it.
import { kindOf, nameOf, NEW, newTemplate, ownTemplate, templatesOf } from "./alternates.js";
import { post } from "./api.js";
import { dialog, h, say, toast } from "./dom.js";
import { Preview } from "./frame.js";
import { chooseSection, Inspector, themeGroups } from "./inspector.js";
import { Outline } from "./outline.js";
import { Saver } from "./saving.js";
import { Store } from "./store.js";
import { addableSections, duplicate, entries, find, remove, sectionsOf, titleOfBlock, titleOfSection } from "./tree.js";

const $ = (id) => document.getElementById(id);
const data = JSON.parse($("editor-data").textContent);
const store = new Store(data);
const body = document.body;
let page = "templates/index.json";
let chosen = null;
let mode = "sections";
let group = null;

// ---- Drawing -------------------------------------------------------------------------------------------------------
const outline = new Outline($("outline"), store, {
  select, hover: (place) => preview.send("hover", messageOf(place)), hide, remove: removePlace, redraw,
  addSection: (path) => chooseSection(addableSections(data, path, store.page(path)), (found) => outline.addSection(path, found.type, found.preset)),
  // A new section stands below the selected one, where that is on the same page.
  placeForNew: (path) => {
    const at = sectionsOf(store.page(path)).findIndex(([id]) => chosen?.path === path && id === chosen.section);
    return at < 0 ? undefined : at + 1;
  },
});
const inspector = new Inspector($("inspector"), store, data.urls, {
  select, close: () => select(null), remove: removePlace,
  duplicate: (place) => {
    let id;
    store.commitPage(place.path, place.blocks.length ? { section: place.section } : { page: true }, (next) => { id = duplicate(next, place); });
    select(place.blocks.length ? { ...place, blocks: [...place.blocks.slice(0, -1), id] } : { ...place, section: id }, true);
  },
});
const preview = new Preview($("frame"), data, {
  busy: (on) => $("stage").toggleAttribute("data-busy", on),
  draft: () => ({ settings: store.state.settings, templates: withRemoved(store.state.templates) }),
  unsaved: () => saver.dirty,
  ready: (message) => arrive(message.template),
  failed: (message) => toast(message, true),
  selected: (message) => selectById(message.section, message.block),
  follow: (path) => preview.open(path),
  key: (message) => shortcut(message.key, message.shift),
});
const saver = new Saver(store, data, {
  status: (text, why) => { $("status").textContent = text; $("status").title = why ?? ""; $("status").dataset.state = text; },
  saved: () => { if (data.theme.live) body.dataset.drafted = ""; },
  others: (names) => {
    $("others").replaceChildren(...names.map((name) => h("li", { title: `${name} has this theme open` }, name.slice(0, 1).toUpperCase(), h("span", { class: "hidden" }, `${name} has this theme open`))));
  },
});

/** Templates of the merchant that were taken back to the theme's own must not come from what is saved. */
function withRemoved(templates) {
  const shown = { ...templates };
  for (const path of Object.keys(data.pages)) shown[path] ??= data.pages[path];
  return shown;
}

function redraw() {
  if (mode === "sections") outline.draw(page, chosen);
  else $("outline").replaceChildren(themeGroups(store, openGroup));
  $("own-template").replaceChildren(...(mode === "sections" ? ownTemplate(store, page, deleteTemplate) : []));
  preview.send("names", { names: namesOf() });
}

function namesOf() {
  const names = {};
  for (const path of [page, ...Object.keys(data.pages).filter((name) => name.startsWith("sections/"))]) {
    for (const [id, section] of sectionsOf(store.page(path))) {
      names[id] = titleOfSection(data, section);
      const walk = (owner) => entries(owner).forEach(([name, block]) => { names[name] = titleOfBlock(data, section.type, block); walk(block); });
      walk(section);
    }
  }
  return names;
}

// ---- Choosing ------------------------------------------------------------------------------------------------------
const messageOf = (place) => ({ section: place?.section ?? null, block: place?.blocks?.at(-1) ?? null });

function select(place, scroll = false) {
  chosen = place;
  group = null;
  if (place) {
    setMode("sections");
    inspector.show(place);
  } else inspector.clear();
  body.toggleAttribute("data-inspecting", Boolean(place));
  redraw();
  preview.send("select", { ...messageOf(place), scroll });
  keepFocus(place);
  // A dialog that closes after the choice gives the focus back to a button that was drawn anew meanwhile.
  requestAnimationFrame(() => keepFocus(place));
}

/** Whoever uses the keyboard goes on at what was chosen, unless the focus stands somewhere already. */
function keepFocus(place) {
  if (document.activeElement === body) outline.focus(place);
}

function selectById(section, block) {
  const paths = [page, ...Object.keys(data.pages).filter((name) => name.startsWith("sections/"))];
  const path = paths.find((name) => store.page(name).sections?.[section]);
  if (!path) return;
  const blocks = block ? pathTo(store.page(path).sections[section], block) ?? [] : [];
  body.dataset.show = "edit";
  select({ path, section, blocks });
}

function pathTo(owner, wanted) {
  for (const [id, block] of entries(owner)) {
    if (id === wanted) return [id];
    const inner = pathTo(block, wanted);
    if (inner) return [id, ...inner];
  }
  return null;
}

function openGroup(name) {
  group = name;
  inspector.theme(name);
  body.toggleAttribute("data-inspecting", true);
  $("inspected").focus();
}

function setMode(next) {
  mode = next;
  for (const tab of document.querySelectorAll("[data-mode]")) tab.setAttribute("aria-pressed", String(tab.dataset.mode === next));
}

function hide(place) {
  const change = place.blocks.length ? { section: place.section } : { page: true };
  store.commitPage(place.path, change, (next) => {
    const entry = find(next, place);
    if (entry.disabled) delete entry.disabled; else entry.disabled = true;
  });
}

function removePlace(place) {
  store.commitPage(place.path, place.blocks.length ? { section: place.section } : { page: true }, (next) => remove(next, place));
  select(place.blocks.length ? { ...place, blocks: place.blocks.slice(0, -1) } : null);
  say("It is removed; Undo brings it back.");
}

// ---- What follows a change -------------------------------------------------------------------------------------
store.onChange((change) => {
  $("undo").disabled = store.past.length === 0;
  $("redo").disabled = store.future.length === 0;
  if (listed !== templatesOf(store).join()) fillPages();
  if (!templatesOf(store).includes(page)) { show(`templates/${kindOf(page)}.json`); return; }
  preview.draw(change.section && !change.page && !change.all ? change.section : null);
  if (chosen && !find(store.page(chosen.path), chosen)) { select(null); return; }
  redraw();
  if (change.typed || (change.settings && !change.all)) return;
  if (chosen) inspector.show(chosen);
  else if (group) inspector.theme(group);
});

function arrive(template) {
  const path = `templates/${template}.json`;
  const known = data.pages[path] || store.state.templates[path] ? path : `templates/${template.split(".")[0]}.json`;
  if (known !== page) {
    page = known;
    $("page").value = page;
    if (chosen && chosen.path.startsWith("templates/") && chosen.path !== page) { chosen = null; inspector.clear(); body.removeAttribute("data-inspecting"); }
  }
  redraw();
  if (chosen) preview.send("select", { ...messageOf(chosen), scroll: false });
}

// ---- The bar ---------------------------------------------------------------------------------------------------
const TITLES = {
  index: "Home", product: "Product", collection: "Collection", "list-collections": "All collections", cart: "Cart",
  search: "Search", page: "Page", blog: "Blog", article: "Article", 404: "Not found", password: "Password page", gift_card: "Gift card", "quick-order": "Quick order",
  contact: "Contact", newsletter: "Newsletter",
};

let listed = "";
const titleOf = (path) => {
  const suffix = nameOf(path).split(".")[1];
  return `${TITLES[kindOf(path)] ?? kindOf(path)}${suffix ? `: ${suffix}` : ""}`;
};

function fillPages() {
  const paths = templatesOf(store);
  listed = paths.join();
  const rank = (path) => { const at = Object.keys(TITLES).sort().indexOf(kindOf(path)); return kindOf(path) === "index" ? -1 : at; };
  paths.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
  $("page").replaceChildren(...paths.map((path) => h("option", { value: path, ".disabled": !data.samples[kindOf(path)] }, titleOf(path))),
    h("option", { value: NEW }, "New template …"));
  $("page").value = page;
}

/** Show a template with something that uses it, or else with the first thing of its kind. */
function show(path) {
  page = path;
  $("page").value = page;
  select(null);
  preview.open(data.samples[nameOf(page)] ?? data.samples[kindOf(page)], nameOf(page));
}

function deleteTemplate() {
  const gone = page;
  store.commit({ path: gone, page: true }, (state) => { delete state.templates[gone]; });
  toast(`${titleOf(gone)} is deleted; what used it is shown the usual way. Undo brings it back.`);
}

$("page").addEventListener("change", (event) => {
  const wanted = event.target.value;
  if (wanted === NEW) {
    $("page").value = page;
    newTemplate(store, page, titleOf, (path) => { show(path); say("The template is made."); });
    return;
  }
  show(wanted);
  $("page").focus();
});
$("undo").addEventListener("click", () => store.undo());
$("redo").addEventListener("click", () => store.redo());
$("inspect").addEventListener("click", () => {
  const on = $("inspect").getAttribute("aria-pressed") !== "true";
  $("inspect").setAttribute("aria-pressed", String(on));
  preview.inspect(on);
  say(on ? "A click on the page chooses a section." : "A click on the page follows its links.");
});
for (const button of document.querySelectorAll("[data-width]")) {
  button.addEventListener("click", () => {
    body.dataset.width = button.dataset.width;
    fit();
    for (const each of document.querySelectorAll("[data-width][aria-pressed]")) each.setAttribute("aria-pressed", String(each === button));
  });
}
for (const tab of document.querySelectorAll("[data-mode]")) {
  tab.addEventListener("click", () => { setMode(tab.dataset.mode); select2(); });
}
function select2() {
  chosen = null;
  group = null;
  inspector.clear();
  body.removeAttribute("data-inspecting");
  redraw();
  preview.send("select", messageOf(null));
}
for (const button of document.querySelectorAll("[data-shows]")) {
  button.addEventListener("click", () => {
    body.dataset.show = button.dataset.shows;
    for (const each of document.querySelectorAll("[data-shows]")) each.setAttribute("aria-pressed", String(each === button));
  });
}
$("publish").addEventListener("click", publish);

async function publish() {
  $("publish").disabled = true;
  try {
    await saver.save();
    if (saver.dirty) return;
    const { version } = await post(data.urls.publish, { version: saver.version });
    saver.version = version;
    data.theme.live = true;
    delete body.dataset.drafted;
    $("role").textContent = "Live";
    toast("Shoppers see it now.");
    say("Published: shoppers see it now.");
  } catch (error) {
    if (error.body?.findings) {
      dialog("It cannot be published yet", h("div", { class: "stack" }, h("p", {}, "Correct these first; shoppers see the former state until then."),
        h("ul", { class: "findings" }, error.body.findings.map((text) => h("li", {}, text)))));
    } else if (error.status === 409) saver.conflict(error.body.by_name, error.body.version);
    else toast(error.message, true);
  } finally { $("publish").disabled = false; }
}

function shortcut(key, shift) {
  if (key === "z") { if (shift) store.redo(); else store.undo(); }
  if (key === "y") store.redo();
  if (key === "s") { saver.save(); say("Saved."); }
}
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const typing = event.target.closest?.("input:not([type=checkbox],[type=radio],[type=range],[type=color]),textarea,[contenteditable=true]");
  const key = event.key.toLowerCase();
  if (!["z", "y", "s"].includes(key) || (typing && key !== "s")) return;
  event.preventDefault();
  shortcut(key, event.shiftKey);
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && body.hasAttribute("data-inspecting") && !document.querySelector("dialog[open]")) select(null);
});

// On a small screen a desktop is drawn small instead of becoming a tablet.
const DESKTOP = 1280;
function fit() {
  const wide = $("frame").parentElement.clientWidth;
  const scale = body.dataset.width === "desktop" && innerWidth > 820 ? Math.min(1, wide / DESKTOP) : 1;
  $("frame").style.setProperty("--scale", String(scale || 1));
}
new ResizeObserver(fit).observe($("stage"));

// Forms of products, collections and pages lead here by the name of their template.
const asked = `templates/${decodeURIComponent(location.hash.slice(1))}.json`;
fillPages();
inspector.clear();
show(templatesOf(store).includes(asked) && data.samples[kindOf(asked)] ? asked : page);
