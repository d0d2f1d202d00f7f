// Dialogs that choose a thing of the shop: pictures with their focal point, products, collections, pages, menus.
import { get, post } from "./api.js";
import { debounce, dialog, h, icon, iconButton, say, toast } from "./dom.js";

const TITLES = {
  product: "Choose a product", collection: "Choose a collection", page: "Choose a page", link_list: "Choose a menu",
};

const cache = new Map();
/** Return {value: {title, picture}} of things by kind; asked once for each. */
export async function named(urls, kind, values) {
  const missing = values.filter((value) => !cache.has(`${kind}:${value}`));
  if (missing.length) {
    const found = await get(urls.things, { kind, values: missing.join(",") });
    for (const thing of found.things) cache.set(`${kind}:${thing.value}`, thing);
  }
  return values.map((value) => cache.get(`${kind}:${value}`) ?? { value, title: value, missing: true });
}

/** Let a thing be searched and chosen; calls `choose({value, title})`. */
export function pickThing(urls, kind, choose) {
  const list = h("ul", { class: "things" });
  const input = h("input", { type: "search", placeholder: "Search", "aria-label": "Search" });
  const made = dialog(TITLES[kind] ?? "Choose", h("div", { class: "stack" }, input, list));
  const fill = async () => {
    const { things } = await get(urls.things, { kind, q: input.value });
    list.replaceChildren(...things.map((thing) => h("li", {}, h("button", {
      type: "button", onclick: () => { cache.set(`${kind}:${thing.value}`, thing); made.close(); choose(thing); },
    }, thing.picture ? h("img", { src: `${urls.picture}${thing.picture}/165.webp`, alt: "" }) : h("span", { class: "blank" }), thing.title))));
    if (!things.length) list.append(h("li", { class: "muted" }, "Nothing is called like this."));
  };
  const ask = () => fill().catch((error) => toast(error.message, true));
  input.addEventListener("input", debounce(ask, 200));
  ask();
}

export const pictureAddress = (urls, key, width = 360) => `${urls.picture}${key}/${width}.webp`;

/** Let a picture be chosen, uploaded and described; calls `choose(key)`. */
export function pickPicture(urls, chosen, choose) {
  const grid = h("ul", { class: "pictures" });
  const side = h("div", { class: "picture-side" });
  const file = h("input", { type: "file", accept: "image/*", "aria-label": "Upload a picture" });
  const search = h("input", { type: "search", placeholder: "Search by file name", "aria-label": "Search pictures" });
  const more = h("button", { type: "button", hidden: true }, "Show more");
  const body = h("div", { class: "picture-picker" },
    h("div", {}, h("div", { class: "picture-tools" }, search, h("label", { class: "upload" }, "Upload", file)), grid, more), side);
  const made = dialog("Choose a picture", body, { wide: true });
  let pictures = [];
  let current = null;

  const draw = () => grid.replaceChildren(...pictures.map((picture) => h("li", {}, h("button", {
    type: "button", "aria-pressed": String(picture === current), "aria-label": picture.alt || picture.filename, title: picture.filename,
    onclick: () => { current = picture; draw(); describe(); },
    ondblclick: () => { made.close(); choose(picture.key); },
  }, h("img", { src: pictureAddress(urls, picture.key), alt: "", loading: "lazy" })))));
  const describe = () => side.replaceChildren(...(current ? [details(urls, current), h("button", {
    type: "button", class: "main", onclick: () => { made.close(); choose(current.key); },
  }, "Use this picture")] : [h("p", { class: "muted" }, "Choose a picture to describe it and to set the point that must stay in sight.")]));
  const load = async (before = "") => {
    const found = await get(urls.media, { q: search.value, before });
    pictures = before ? [...pictures, ...found.pictures] : found.pictures;
    current ??= pictures.find((picture) => picture.key === chosen) ?? null;
    more.hidden = !found.more;
    draw();
    describe();
  };
  const ask = (before) => load(before).catch((error) => toast(error.message, true));
  more.addEventListener("click", () => ask(pictures.at(-1).id));
  search.addEventListener("input", debounce(() => ask(), 250));
  file.addEventListener("change", async () => {
    const form = new FormData();
    form.append("picture", file.files[0]);
    try {
      const kept = await post(urls.media, form);
      pictures = [kept.picture, ...pictures.filter((picture) => picture.id !== kept.picture.id)];
      [current] = pictures;
      draw();
      describe();
      say("The picture is uploaded.");
    } catch (error) { toast(error.message, true); }
    file.value = "";
  });
  describe();
  ask();
}

/** The alternative text and the focal point of a picture; both are kept at once, for all places that show it. */
function details(urls, picture) {
  const point = h("span", { class: "point" });
  const image = h("img", { src: pictureAddress(urls, picture.key, 533), alt: "" });
  const keep = debounce(async () => {
    try {
      await post(`${urls.media}/${picture.id}`, { alt: picture.alt, focal_x: picture.focal_x, focal_y: picture.focal_y });
    } catch (error) { toast(error.message, true); }
  }, 400);
  const show = () => { point.style.left = `${picture.focal_x}%`; point.style.top = `${picture.focal_y}%`; };
  const set = (x, y) => {
    picture.focal_x = Math.round(Math.min(Math.max(x, 0), 100));
    picture.focal_y = Math.round(Math.min(Math.max(y, 0), 100));
    show();
    keep();
  };
  const frame = h("div", {
    class: "focal", tabindex: "0", role: "application",
    "aria-label": "The point that stays in sight; move it with the arrow keys",
    onclick: (event) => {
      const box = frame.getBoundingClientRect();
      set(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
    },
    onkeydown: (event) => {
      const steps = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, -5], ArrowDown: [0, 5] }[event.key];
      if (!steps) return;
      event.preventDefault();
      set(picture.focal_x + steps[0], picture.focal_y + steps[1]);
      say(`${picture.focal_x} percent from the left, ${picture.focal_y} from the top.`);
    },
  }, image, point);
  show();
  return h("div", { class: "stack" }, frame,
    h("p", { class: "muted" }, `${picture.filename}, ${picture.width} × ${picture.height}. Click where the picture must never be cut.`),
    h("label", {}, "What it shows, for those who do not see it",
      h("input", { maxlength: 300, ".value": picture.alt, oninput: (event) => { picture.alt = event.target.value; keep(); } })));
}

/** A button that shows what is chosen and opens the picker of its kind. */
export function thingControl(urls, kind, value, change) {
  const box = h("div", { class: "chosen" });
  const draw = (thing) => {
    box.replaceChildren(
      h("button", { type: "button", class: "thing", onclick: () => pickThing(urls, kind, (found) => { draw(found); change(found.value); }) },
        thing?.picture ? h("img", { src: `${urls.picture}${thing.picture}/165.webp`, alt: "" }) : (thing ? "" : icon("plus")),
        thing ? thing.title + (thing.missing ? " (gone)" : "") : TITLES[kind]),
      thing ? iconButton("close", "Take it away", () => { draw(null); change(""); }) : "",
    );
  };
  draw(value ? { value, title: value } : null);
  if (value) named(urls, kind, [value]).then(([thing]) => draw(thing)).catch(() => {});
  return box;
}

/** Several things in an order of their own. */
export function listControl(urls, kind, values, most, change) {
  let list = [...(values ?? [])];
  const box = h("div", { class: "stack" });
  const set = (next) => { list = next; change(next); draw(); };
  async function draw() {
    const things = list.length ? await named(urls, kind, list).catch(() => list.map((value) => ({ value, title: value }))) : [];
    box.replaceChildren(
      h("ol", { class: "picked" }, things.map((thing, at) => h("li", {},
        h("span", {}, thing.title),
        iconButton("down", `Move ${thing.title} up`, () => set(swapped(list, at, at - 1)), { class: "icon up", disabled: at === 0 }),
        iconButton("down", `Move ${thing.title} down`, () => set(swapped(list, at, at + 1)), { disabled: at === list.length - 1 }),
        iconButton("close", `Take ${thing.title} away`, () => set(list.filter((_, place) => place !== at)))))),
      list.length < most ? h("button", { type: "button", onclick: () => pickThing(urls, kind, (thing) => {
        if (!list.includes(thing.value)) set([...list, thing.value]);
      }) }, icon("plus"), "Add") : "",
    );
  }
  draw();
  return box;
}

function swapped(list, one, other) {
  const made = [...list];
  [made[one], made[other]] = [made[other], made[one]];
  return made;
}
