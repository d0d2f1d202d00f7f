// One control for each type of setting. `change(value)` is called with every change, while one types too.
import { h, icon, newId } from "./dom.js";
import { listControl, pickPicture, pictureAddress, thingControl } from "./pickers.js";
import { richText } from "./richtext.js";
import { schemesControl, swatches } from "./schemes.js";

const ADDRESS = /^(https?:|mailto:|tel:|\/|#|\?)/i;
const COLOR = /^#[0-9a-f]{6}$/i;

const labelled = (setting, control, extra) => {
  control.id ||= newId("set");
  return [h("label", { for: control.id }, setting.label ?? setting.id, extra), control];
};

function typed(setting, value, change, attributes = {}) {
  const input = h(attributes.rows ? "textarea" : "input", {
    placeholder: setting.placeholder, maxlength: 50000, spellcheck: "true", ...attributes, ".value": value ?? "",
    oninput: () => change(input.value),
  });
  return labelled(setting, input);
}

function number(setting, value, change) {
  const input = h("input", {
    type: "number", min: setting.min, max: setting.max, step: setting.step ?? "any", placeholder: setting.placeholder, ".value": value ?? "",
    oninput: () => {
      const given = input.value === "" ? null : Number(input.value);
      input.toggleAttribute("aria-invalid", !input.checkValidity());
      if (input.checkValidity()) change(given);
    },
  });
  return labelled(setting, input, setting.unit ? h("span", { class: "unit" }, setting.unit) : null);
}

function range(setting, value, change) {
  const shown = h("output", {}, `${value ?? ""}${setting.unit ?? ""}`);
  const input = h("input", {
    type: "range", min: setting.min, max: setting.max, step: setting.step ?? 1, ".value": value ?? setting.default,
    oninput: () => { shown.textContent = `${input.value}${setting.unit ?? ""}`; change(Number(input.value)); },
  });
  return labelled(setting, input, shown);
}

function checkbox(setting, value, change) {
  const input = h("input", { type: "checkbox", role: "switch", ".checked": value === true, onchange: () => change(input.checked) });
  return [h("label", { class: "switch" }, h("span", {}, setting.label ?? setting.id), input)];
}

function select(setting, value, change, options = setting.options ?? []) {
  const input = h("select", { onchange: () => change(input.value) },
    options.map((option) => h("option", { value: option.value, ".selected": option.value === value }, option.label ?? option.value)));
  return labelled(setting, input);
}

function radio(setting, value, change, options = setting.options ?? []) {
  const name = newId("radio");
  return [h("fieldset", { class: options.length <= 4 ? "segments" : "radios" }, h("legend", {}, setting.label ?? setting.id),
    h("div", {}, options.map((option) => h("label", {}, h("input", {
      type: "radio", name, value: option.value, ".checked": option.value === value, onchange: () => change(option.value),
    }), h("span", {}, option.label ?? option.value)))))];
}

const ALIGNMENTS = [{ value: "left", label: "Left" }, { value: "center", label: "Centre" }, { value: "right", label: "Right" }];

/** A swatch beside the value in words; CSS colours that the swatch cannot show can be typed. */
export function colorControl(label, value, change) {
  const text = h("input", { class: "hex", "aria-label": `${label}, as text`, ".value": value ?? "", placeholder: "None", spellcheck: "false" });
  const swatch = h("input", { type: "color", "aria-label": label, ".value": COLOR.test(value) ? value : "#000000" });
  swatch.addEventListener("input", () => { text.value = swatch.value; change(swatch.value); });
  text.addEventListener("input", () => {
    const fits = text.value === "" || CSS.supports("color", text.value);
    text.toggleAttribute("aria-invalid", !fits);
    if (COLOR.test(text.value)) swatch.value = text.value;
    if (fits) change(text.value);
  });
  return h("div", { class: "color" }, swatch, text);
}

function color(setting, value, change) {
  return [h("div", { class: "label" }, setting.label ?? setting.id, colorControl(setting.label ?? setting.id, value, change))];
}

function address(setting, value, change, { urls }) {
  const input = h("input", {
    inputmode: "url", placeholder: setting.placeholder ?? "https:// or /", list: urls ? "known-addresses" : undefined, ".value": value ?? "",
    oninput: () => {
      const fits = input.value === "" || ADDRESS.test(input.value);
      input.toggleAttribute("aria-invalid", !fits);
      if (fits) change(input.value);
    },
  });
  return labelled(setting, input);
}

function picture(setting, value, change, { urls }) {
  const box = h("div", { class: "picture" });
  const draw = (key) => box.replaceChildren(
    h("button", { type: "button", class: key ? "shown" : "none", "aria-label": `${setting.label ?? setting.id}: ${key ? "change" : "choose"}`,
      onclick: () => pickPicture(urls, key, (found) => { draw(found); change(found); }) },
    key ? h("img", { src: pictureAddress(urls, key), alt: "" }) : icon("picture"), h("span", {}, key ? "Change" : "Choose a picture")),
    key ? h("button", { type: "button", class: "quiet", onclick: () => { draw(""); change(""); } }, "Take it away") : "",
  );
  draw(value);
  return [h("div", { class: "label" }, setting.label ?? setting.id, box)];
}

const thing = (kind) => (setting, value, change, { urls }) =>
  [h("div", { class: "label" }, setting.label ?? setting.id, thingControl(urls, kind, value, change))];
const things = (kind) => (setting, value, change, { urls }) =>
  [h("div", { class: "label" }, setting.label ?? setting.id, listControl(urls, kind, value, setting.limit ?? 50, change))];

const rich = (inline) => (setting, value, change) => [h("div", { class: "label" }, setting.label ?? setting.id,
  richText({ label: setting.label ?? setting.id, value, inline, change }))];

const TYPES = {
  text: (setting, value, change) => typed(setting, value, change),
  textarea: (setting, value, change) => typed(setting, value, change, { rows: 3 }),
  html: (setting, value, change) => typed(setting, value, change, { rows: 6, class: "mono", spellcheck: "false" }),
  richtext: rich(false), inline_richtext: rich(true), number, range, checkbox,
  select: (setting, value, change) => select(setting, value, change), radio: (setting, value, change) => radio(setting, value, change),
  text_alignment: (setting, value, change) => radio(setting, value, change, setting.options?.length ? setting.options : ALIGNMENTS),
  color, color_background: color, url: address, video: address, video_url: address, image_picker: picture,
  color_scheme: (setting, value, change, { store }) => [swatches(store, setting, value, change)],
  color_scheme_group: (setting, value, change, { store }) => [schemesControl(store, setting, value, change)],
  font_picker: (setting, value, change) => typed(setting, value, change, { list: "known-fonts", spellcheck: "false" }),
  product: thing("product"), collection: thing("collection"), page: thing("page"), link_list: thing("link_list"),
  blog: thing("blog"), article: thing("article"),
  product_list: things("product"), collection_list: things("collection"),
};

/** Return the elements of one setting, with its heading or explanation. */
export function control(setting, value, change, context) {
  if (setting.type === "header") return h("h3", {}, setting.content);
  if (setting.type === "paragraph") return h("p", { class: "muted" }, setting.content);
  const make = TYPES[setting.type] ?? TYPES.text;
  const box = h("div", { class: `control control-${setting.type}`, "data-setting": setting.id });
  box.append(...make(setting, value ?? setting.default, change, context));
  if (setting.info) {
    const info = h("small", { id: newId("info") }, setting.info);
    box.querySelector("input,select,textarea,[contenteditable]")?.setAttribute("aria-describedby", info.id);
    box.append(info);
  }
  return box;
}
