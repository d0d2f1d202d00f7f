// Alternate templates: made as a copy of another one, and chosen for a product, collection or page in its own form.
import { dialog, h, newId } from "./dom.js";

export const KINDS = ["product", "collection", "page"];
export const NEW = "new";
export const nameOf = (path) => path.slice("templates/".length, -".json".length);
export const kindOf = (path) => nameOf(path).split(".")[0];
const pathOf = (kind, suffix) => `templates/${kind}.${suffix}.json`;

/** Return the templates of the theme and of the merchant, by path. */
export const templatesOf = (store) => Object.keys({ ...store.data.pages, ...store.state.templates }).filter((path) => path.startsWith("templates/"));

/** Tell whether the merchant made this template: the theme's own cannot be deleted. */
export const isOwn = (store, path) => path in store.state.templates && !(path in store.data.pages) && nameOf(path).includes(".");

const suffixOf = (text) => text.trim().toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9_]+/g, "-").replace(/^-|-$/g, "").slice(0, 50);

/** Ask for a name and for what to copy; `made` gets the path of the new template. */
export function newTemplate(store, current, titleOf, made) {
  const from = templatesOf(store).filter((path) => KINDS.includes(kindOf(path))).sort();
  const source = h("select", { id: newId("from") }, from.map((path) => h("option", { value: path, selected: path === current }, titleOf(path))));
  if (!from.includes(current)) source.value = "templates/product.json";
  const name = h("input", { id: newId("name"), required: true, maxlength: 50, autocomplete: "off", placeholder: "Gifts" });
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const form = h("form", { class: "stack", onsubmit: (event) => { event.preventDefault(); create(); } },
    h("label", { for: source.id }, "Begin with a copy of", source), h("label", { for: name.id }, "Name", name), wrong,
    h("p", { class: "muted" }, "Afterwards choose it for single products, collections or pages in their own forms, under Template."),
    h("p", { class: "right" }, h("button", { class: "main" }, "Make the template")));
  const box = dialog("New template", form);
  name.focus();
  function create() {
    const suffix = suffixOf(name.value);
    const path = pathOf(kindOf(source.value), suffix);
    const problem = !suffix ? "Write a name with letters or digits." : templatesOf(store).includes(path) ? "There is one of this name already; choose another." : "";
    wrong.textContent = problem;
    wrong.hidden = !problem;
    if (problem) { name.setAttribute("aria-invalid", "true"); name.focus(); return; }
    store.commit({ path, page: true }, (state) => { state.templates[path] = structuredClone(store.page(source.value)); });
    box.close();
    made(path);
  }
}

/** Draw what can be done with a template of the merchant's own; nothing for the others. */
export function ownTemplate(store, path, remove) {
  if (!isOwn(store, path)) return [];
  const [kind, suffix] = nameOf(path).split(".");
  return [h("p", { class: "own-template" }, h("span", {}, `Shown where a ${kind} has the template `, h("b", {}, suffix), "."),
    h("button", { type: "button", class: "quiet danger", onclick: remove }, "Delete template"))];
}
