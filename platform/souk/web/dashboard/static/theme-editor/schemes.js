// Colour schemes: chosen by how they look, and edited as a group of named sets.
import { colorControl } from "./controls.js";
import { h, icon, iconButton } from "./dom.js";

const valuesOf = (scheme) => scheme?.settings ?? scheme ?? {};

/** Choose one of the theme's schemes by its colours. */
export function swatches(store, setting, value, change) {
  const schemes = store.setting("color_schemes") ?? {};
  return h("fieldset", { class: "schemes" }, h("legend", {}, setting.label ?? setting.id),
    Object.entries(schemes).map(([name, scheme]) => {
      const colors = Object.values(valuesOf(scheme)).filter((color) => typeof color === "string").slice(0, 4);
      return h("label", {}, h("input", {
        type: "radio", name: `scheme-${setting.id}`, value: name, ".checked": name === value, onchange: () => change(name),
      }), h("span", { class: "dots" }, colors.map((color) => dot(color))), scheme.name ?? name);
    }));
}

function dot(color) {
  const made = h("i");
  made.style.background = color;
  return made;
}

/** Edit the schemes themselves: add, rename by copy, remove, and set each colour that the theme declares. */
export function schemesControl(store, setting, value, change) {
  let schemes = structuredClone(value ?? store.setting("color_schemes") ?? {});
  const box = h("div", { class: "stack" });
  const definition = (setting.definition ?? []).filter((each) => each.id);
  const set = () => { change(structuredClone(schemes)); draw(); };
  function draw() {
    box.replaceChildren(...Object.entries(schemes).map(([name, scheme]) => h("details", { class: "scheme" },
      h("summary", {}, h("span", { class: "dots" }, Object.values(valuesOf(scheme)).slice(0, 4).map(dot)), name,
        iconButton("trash", `Remove ${name}`, (event) => { event.preventDefault(); delete schemes[name]; set(); }, { disabled: Object.keys(schemes).length < 2 })),
      definition.map((each) => h("div", { class: "label" }, each.label ?? each.id,
        colorControl(`${name}: ${each.label ?? each.id}`, valuesOf(scheme)[each.id] ?? each.default, (color) => {
          const settings = { ...valuesOf(schemes[name]), [each.id]: color };
          schemes[name] = scheme.settings ? { ...scheme, settings } : settings;
          change(structuredClone(schemes));
        }))))),
    h("button", { type: "button", onclick: () => {
      const [first] = Object.values(schemes);
      let at = Object.keys(schemes).length + 1;
      while (schemes[`scheme-${at}`]) at += 1;
      schemes[`scheme-${at}`] = structuredClone(first ?? { settings: Object.fromEntries(definition.map((each) => [each.id, each.default])) });
      set();
    } }, icon("plus"), "Add a scheme"));
  }
  draw();
  return box;
}
