// Small means to make elements.

let numbers = 0;
/** Return an id that no other element has. */
export const newId = (name) => `${name}-${++numbers}`;

/** Make an element: attributes, listeners (`onclick`), properties (`.value`) and children; nothing of it is HTML. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) made[name.slice(1)] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const PATHS = {
  back: "M12 4l-6 6 6 6", undo: "M7 5L3 9l4 4M3 9h9a5 5 0 010 8h-2", redo: "M13 5l4 4-4 4M17 9H8a5 5 0 000 8h2",
  phone: "M6 2h8v16H6zM9 15h2", tablet: "M4 3h12v14H4zM9 15h2", desktop: "M2 4h16v10H2zM7 17h6M10 14v3",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12a2 2 0 100-4 2 2 0 000 4z",
  hidden: "M3 3l14 14M2 10s3-5 8-5c1 0 2 0 3 .6M18 10s-3 5-8 5c-1 0-2 0-3-.6M8 8a3 3 0 004 4",
  plus: "M10 4v12M4 10h12", close: "M5 5l10 10M15 5L5 15", trash: "M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11M9 9v5M11 9v5",
  down: "M5 8l5 5 5-5", right: "M8 5l5 5-5 5", grip: "M7 5h.1M13 5h.1M7 10h.1M13 10h.1M7 15h.1M13 15h.1",
  sections: "M3 4h14v4H3zM3 11h14v5H3z", settings: "M4 6h12M4 14h12M8 4v4M12 12v4",
  pointer: "M5 3l10 7-4 1 3 5-2 1-3-5-3 3z", copy: "M7 7h9v10H7zM4 13V3h9", open: "M8 4H4v12h12v-4M11 3h6v6M17 3l-8 8",
  picture: "M3 4h14v12H3zM3 14l4-4 3 3 3-3 4 4M7 8h.1", link: "M8 12l4-4M7 9l-2 2a3 3 0 004 4l2-2M13 11l2-2a3 3 0 00-4-4L9 7",
  more: "M5 10h.1M10 10h.1M15 10h.1",
};

/** Draw a 20 x 20 sign; it has no name of its own, its button has. */
export function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", "0 0 20 20");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  made.append(path);
  return made;
}

export const iconButton = (name, label, act, more = {}) =>
  h("button", { type: "button", class: "icon", "aria-label": label, title: label, onclick: act, ...more }, icon(name));

/** Read something out to whoever does not see the page. */
export function say(text) {
  const place = document.getElementById("told");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

/** Show a note at the bottom for some seconds. */
export function toast(text, bad = false) {
  const made = h("p", { class: `toast${bad ? " bad" : ""}`, role: bad ? "alert" : "status" }, text);
  document.getElementById("toasts").append(made);
  setTimeout(() => made.remove(), bad ? 9000 : 4000);
}

/** Open a modal dialog; it leaves the page when it closes. */
export function dialog(title, content, { wide = false, close = () => {} } = {}) {
  const made = h("dialog", { class: wide ? "wide" : "", "aria-label": title });
  made.append(
    h("header", {}, h("h2", {}, title), iconButton("close", "Close", () => made.close())),
    h("div", { class: "dialog-body" }, content),
  );
  made.addEventListener("close", () => { made.remove(); close(); });
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  made.showModal();
  return made;
}

export function debounce(act, wait) {
  let timer;
  return (...values) => { clearTimeout(timer); timer = setTimeout(() => act(...values), wait); };
}
