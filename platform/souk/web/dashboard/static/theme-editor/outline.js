// The list of what stands on the page: sections with their blocks, moved with the mouse or the arrow keys.
import { h, icon, iconButton, say } from "./dom.js";
import {
  addableBlocks, addBlock, addSection, addableSections, entries, find, move, placeAmong, sectionsOf, titleOfBlock, titleOfSection,
} from "./tree.js";

const key = (place) => [place.path, place.section, ...(place.blocks ?? [])].join("|");

export class Outline {
  constructor(element, store, hooks) {
    this.element = element;
    this.store = store;
    this.hooks = hooks;
    this.open = new Set();
    this.adding = "";
  }

  /** Draw the lists of the page's header groups, its template and its footer groups. */
  draw(path, selected) {
    this.selected = selected ? key(selected) : "";
    const focused = document.activeElement?.closest?.("[data-place]")?.dataset.place;
    const part = document.activeElement?.dataset?.part;
    const groups = this.groups(path);
    const lists = [
      ...groups.filter((group) => !group.below).map((group) => this.list(group.path, group.title)),
      this.list(path, "Page"),
      ...groups.filter((group) => group.below).map((group) => this.list(group.path, group.title)),
    ];
    this.element.replaceChildren(...lists);
    if (focused) this.element.querySelector(`[data-place="${CSS.escape(focused)}"] [data-part="${part ?? "name"}"]`)?.focus();
  }

  /** Put the focus on the row of a place, or on the first one. */
  focus(place) {
    const row = place && this.element.querySelector(`[data-place="${CSS.escape(key(place))}"] [data-part="name"]`);
    (row ?? this.element.querySelector("button"))?.focus();
  }

  groups(path) {
    const layout = this.store.page(path).layout ?? "theme";
    if (layout !== "theme") return [];
    return Object.keys(this.store.data.pages).filter((name) => name.startsWith("sections/")).map((name) => {
      const group = this.store.page(name);
      return { path: name, title: group.name ?? name, below: (group.type ?? "") !== "header" };
    });
  }

  list(path, title) {
    const page = this.store.page(path);
    const list = h("ol", { "data-list": path, role: "list" },
      sectionsOf(page).map(([id, entry]) => this.row({ path, section: id, blocks: [] }, entry, entry)));
    const can = addableSections(this.store.data, path, page).length > 0;
    return h("section", { "aria-label": title }, h("h2", {}, title), list,
      can ? h("button", { type: "button", class: "add", onclick: () => this.hooks.addSection(path) }, icon("plus"), "Add a section") : "");
  }

  row(place, entry, section) {
    const { data } = this.store;
    const inner = place.blocks.length > 0;
    const title = inner ? titleOfBlock(data, section.type, entry) : titleOfSection(data, entry);
    const name = key(place);
    const blocks = entries(entry);
    const addable = addableBlocks(data, section, entry, inner);
    const expandable = blocks.length > 0 || addable.length > 0;
    const shown = expandable && (this.open.has(name) || this.selected.startsWith(`${name}|`) || this.selected === name);
    const row = h("li", { "data-place": name, class: entry.disabled ? "hidden-entry" : "" });
    const bar = h("div", { class: "entry", "aria-current": this.selected === name ? "true" : null,
      onpointerenter: () => this.hooks.hover(place), onpointerleave: () => this.hooks.hover(null) },
    expandable
      ? iconButton(shown ? "down" : "right", `${shown ? "Close" : "Open"} ${title}`, () => this.toggle(name, shown), { "aria-expanded": String(shown), class: "icon fold", "data-part": "fold" })
      : h("span", { class: "fold" }),
    h("button", { type: "button", class: "name", "data-part": "name", onclick: () => this.hooks.select(place, true), onkeydown: (event) => this.keys(event, place) }, title),
    iconButton(entry.disabled ? "hidden" : "eye", `${entry.disabled ? "Show" : "Hide"} ${title}`, () => this.hooks.hide(place), { "aria-pressed": String(Boolean(entry.disabled)), "data-part": "hide" }),
    this.grip(row, place, title));
    row.append(bar);
    if (shown) {
      row.append(h("ol", { role: "list" }, blocks.map(([id, block]) => this.row({ ...place, blocks: [...place.blocks, id] }, block, section))));
      if (addable.length) row.append(this.adder(place, addable));
    }
    return row;
  }

  adder(place, addable) {
    if (addable.length === 1 && !addable[0].app) {
      return h("button", { type: "button", class: "add", onclick: () => this.addBlock(place, addable[0].type) }, icon("plus"), `Add ${addable[0].name.toLowerCase()}`);
    }
    const own = addable.filter((block) => !block.app);
    const apps = addable.filter((block) => block.app);
    const button = (block) => h("button", { type: "button", onclick: () => this.addBlock(place, block.type) }, block.name,
      block.app && block.app !== block.name ? h("small", {}, block.app) : "");
    const name = key(place);
    // Drawn again when the page arrives: what was opened meanwhile stays open under the pointer.
    return h("details", { class: "add-block", open: this.adding === name },
      h("summary", { class: "add", "data-part": "add", onclick: ({ currentTarget }) => { this.adding = currentTarget.parentElement.open ? "" : name; } }, icon("plus"), "Add a block"),
      h("div", {}, own.map(button), apps.length ? h("div", { role: "group", "aria-label": "Apps" }, h("h3", {}, "Apps"), apps.map(button)) : ""));
  }

  addBlock(place, type) {
    let id;
    this.adding = "";
    this.store.commitPage(place.path, { section: place.section }, (page) => { id = addBlock(find(page, place), type); });
    this.hooks.select({ ...place, blocks: [...place.blocks, id] }, true);
    say("The block is added.");
  }

  addSection(path, type, preset) {
    let id;
    const at = this.hooks.placeForNew(path);
    this.store.commitPage(path, { page: true }, (page) => { id = addSection(page, type, preset, at); });
    this.hooks.select({ path, section: id, blocks: [] }, true);
    say("The section is added.");
  }

  toggle(name, shown) {
    if (shown) this.open.delete(name); else this.open.add(name);
    this.hooks.redraw();
  }

  keys(event, place) {
    const rows = [...this.element.querySelectorAll("[data-part=name]")];
    const at = rows.indexOf(event.currentTarget);
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      this.step(place, event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      rows[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.hooks.remove(place);
    }
  }

  /** Move one step and say where it stands now; focus follows. */
  step(place, by) {
    const { at, of } = placeAmong(this.store.page(place.path), place);
    if (at + by < 0 || at + by >= of) { say("It is at the end of its list."); return; }
    this.moveTo(place, at + by);
    say(`Now at place ${at + by + 1} of ${of}.`);
  }

  moveTo(place, to) {
    const whole = place.blocks.length === 0;
    this.store.commitPage(place.path, whole ? { page: true } : { section: place.section }, (page) => move(page, place, to));
  }

  grip(row, place, title) {
    const grip = iconButton("grip", `Move ${title}: drag, or use the arrow keys`, () => {}, { class: "icon grip", "data-part": "grip" });
    grip.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.step(place, event.key === "ArrowUp" ? -1 : 1);
    });
    grip.addEventListener("pointerdown", (event) => this.drag(event, grip, row, place));
    return grip;
  }

  /** Move the row under the pointer among its siblings; the draft changes once, when it is let go. */
  drag(start, grip, row, place) {
    start.preventDefault();
    grip.focus();
    row.classList.add("dragged");
    document.body.classList.add("dragging");
    const list = row.parentElement;
    const move = (event) => {
      const others = [...list.children].filter((each) => each !== row && each.matches("[data-place]"));
      const next = others.find((each) => event.clientY < each.getBoundingClientRect().top + each.firstChild.getBoundingClientRect().height / 2);
      if (next) next.before(row); else list.append(row);
    };
    const end = (event) => {
      for (const [name, act] of Object.entries(heard)) removeEventListener(name, act);
      row.classList.remove("dragged");
      document.body.classList.remove("dragging");
      const to = [...list.children].filter((each) => each.matches("[data-place]")).indexOf(row);
      if (event.type === "pointerup") this.moveTo(place, to);
      this.hooks.redraw();
    };
    // Heard by the window: an element that moves in the page loses the pointer that it captured.
    const heard = { pointermove: move, pointerup: end, pointercancel: end };
    for (const [name, act] of Object.entries(heard)) addEventListener(name, act);
  }
}
