// The controls of what is selected, or of the whole theme.
import { control } from "./controls.js";
import { dialog, h, icon, iconButton, newId } from "./dom.js";
import { blockSchema, find, titleOfSection } from "./tree.js";
import { visible } from "./visibility.js";

export class Inspector {
  constructor(element, store, urls, hooks) {
    this.element = element;
    this.store = store;
    this.context = { store, urls };
    this.hooks = hooks;
  }

  clear() {
    this.shown = null;
    this.element.replaceChildren(h("div", { class: "nothing" }, icon("pointer"),
      h("p", {}, "Choose a section, on the page or in the list, to change it.")));
  }

  /** Draw the controls of a section or block anew. */
  show(place) {
    const page = this.store.page(place.path);
    const section = page.sections?.[place.section];
    const entry = find(page, place);
    if (!entry) { this.clear(); return; }
    const inner = place.blocks.length > 0;
    const schema = inner ? blockSchema(this.store.data, section.type, entry.type) : this.store.data.sections[section.type] ?? {};
    const title = inner ? blockSchema(this.store.data, section.type, entry.type).name : titleOfSection(this.store.data, entry);
    this.shown = { place, settings: schema.settings ?? [] };
    this.element.replaceChildren(
      this.head(place, title, inner ? titleOfSection(this.store.data, section) : ""),
      this.ofApp(inner ? entry.type : ""),
      this.fields(schema.settings ?? [], (id) => entry.settings?.[id], (id, value) => this.write(place, id, value)),
      h("div", { class: "foot" },
        h("button", { type: "button", class: "quiet", onclick: () => this.hooks.duplicate(place) }, icon("copy"), "Duplicate"),
        h("button", { type: "button", class: "quiet danger", onclick: () => this.hooks.remove(place) }, icon("trash"), "Remove")),
    );
    this.conditions();
  }

  head(place, title, above) {
    const up = { path: place.path, section: place.section, blocks: place.blocks.slice(0, -1) };
    return h("header", {}, iconButton("back", above ? `Back to ${above}` : "Back to the list", () => (above ? this.hooks.select(up, true) : this.hooks.close())),
      h("h2", { tabindex: "-1", id: "inspected" }, title));
  }

  /** Say which app a block is of, and where it is set or switched on. */
  ofApp(type) {
    if (!type.startsWith("@app/")) return "";
    const app = this.store.data.apps[type];
    const own = app ? `${this.context.urls.plugins}/${app.app_id}` : this.context.urls.plugins;
    const text = !app ? "The app of this block is not installed; shoppers see nothing here."
      : app.on ? `A block of ${app.app}.` : `${app.app} is switched off; shoppers see nothing here.`;
    return h("p", { class: app?.on ? "of-app" : "of-app off" }, text, " ", h("a", { href: own, target: "_blank", rel: "noopener" }, app?.on ? "Its settings" : "Plugins"));
  }

  write(place, id, value) {
    this.store.commitPage(place.path, { section: place.section, merge: `${JSON.stringify(place)}:${id}`, typed: true }, (page) => {
      const entry = find(page, place);
      entry.settings = { ...entry.settings, [id]: value };
    });
    this.conditions();
  }

  fields(settings, read, write) {
    const list = settings.map((setting) => control(setting, setting.id ? read(setting.id) : undefined, (value) => write(setting.id, value), this.context));
    this.drawn = settings.map((setting, at) => [setting, list[at]]);
    return h("div", { class: "fields" }, list.length ? list : h("p", { class: "muted" }, "This part has nothing to set."));
  }

  /** Show and hide controls by `visible_if`, as values change. */
  conditions() {
    const values = (settings, given) => Object.fromEntries(settings.filter((each) => each.id).map((each) => [each.id, given?.[each.id] ?? each.default]));
    const scopes = { settings: this.store.settings };
    if (this.shown?.place) {
      const page = this.store.page(this.shown.place.path);
      const section = page.sections?.[this.shown.place.section];
      scopes.section = values(this.store.data.sections[section?.type]?.settings ?? [], section?.settings);
      if (this.shown.place.blocks.length) scopes.block = values(this.shown.settings, find(page, this.shown.place)?.settings);
    }
    for (const [setting, element] of this.drawn ?? []) element.hidden = !visible(setting.visible_if, scopes);
  }

  /** Draw the settings of the whole theme, group by group. */
  theme(group) {
    this.shown = { theme: true };
    const { data } = this.store;
    const found = data.settings_schema.find((each) => each.name === group);
    this.element.replaceChildren(
      h("header", {}, iconButton("back", "Back to the list", () => this.hooks.close()), h("h2", { tabindex: "-1", id: "inspected" }, group)),
      this.fields(found?.settings ?? [], (id) => this.store.setting(id), (id, value) => { this.store.commitSetting(id, value); this.conditions(); }),
    );
    this.conditions();
  }
}

/** The list of groups of the theme's settings, with the presets above. */
export function themeGroups(store, open) {
  const { data } = store;
  const presets = Object.keys(data.presets);
  return h("div", {},
    presets.length ? h("section", { "aria-label": "Presets" }, h("h2", {}, "Presets"),
      h("div", { class: "presets" }, presets.map((name) => h("button", { type: "button", onclick: () => preset(store, name) },
        h("span", { class: "dots" }, colorsOf(data.presets[name]).map((color) => dot(color))), name)))) : "",
    h("section", { "aria-label": "Theme settings" }, h("h2", {}, "Settings"), h("ol", { role: "list" },
      data.settings_schema.filter((group) => group.settings?.length).map((group) => h("li", {}, h("div", { class: "entry" },
        h("button", { type: "button", class: "name", onclick: () => open(group.name) }, group.name, icon("right"))))))));
}

const colorsOf = (values) => Object.values(values).filter((value) => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value)).slice(0, 4);

function dot(color) {
  const made = h("i");
  made.style.background = color;
  return made;
}

/** A preset replaces every setting except the pictures: no preset has those of the shop. */
function preset(store, name) {
  const pictures = store.data.settings_schema.flatMap((group) => group.settings ?? [])
    .filter((setting) => setting.type === "image_picker").map((setting) => setting.id);
  store.commit({ settings: true, all: true }, (state) => {
    const own = Object.fromEntries(pictures.filter((id) => id in state.settings).map((id) => [id, state.settings[id]]));
    state.settings = {};
    for (const [id, value] of Object.entries(store.data.presets[name])) store.write(state, id, value);
    Object.assign(state.settings, own);
  });
}

/** Choose the section to add. */
export function chooseSection(found, choose) {
  const list = h("ul", { class: "things" });
  const input = h("input", { type: "search", placeholder: "Search sections", "aria-label": "Search sections", id: newId("search") });
  const made = dialog("Add a section", h("div", { class: "stack" }, input, list));
  const draw = () => {
    const wanted = input.value.trim().toLowerCase();
    list.replaceChildren(...found.filter((each) => each.name.toLowerCase().includes(wanted)).map((each) => h("li", {}, h("button", {
      type: "button", onclick: () => { made.close(); choose(each); },
    }, icon("sections"), each.name))));
  };
  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") list.querySelector("button")?.click(); });
  draw();
}

