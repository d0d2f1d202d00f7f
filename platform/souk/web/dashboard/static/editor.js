// The product editor: pictures by drag and drop with progress, focal points by a click, a live search preview.
import { adopt } from "./reorder.js";

const token = document.querySelector("[name=csrf_token]").value;

const BROKEN = "The connection broke; drop the file again.";

/** Post fields and report how far it is; answers the finished request. */
function post(url, fields, progress = () => {}) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.addEventListener("progress", (event) => progress(event.loaded / event.total));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error(BROKEN)));
    request.send(body);
  });
}

/** Post to the dashboard; answers its JSON, or throws its sentence. */
async function tell(url, fields, progress) {
  const request = await post(url, [["csrf_token", token], ...fields], progress);
  let answer = null;
  try { answer = JSON.parse(request.responseText); } catch { /* a page of an error */ }
  if (request.status === 200) return answer;
  throw new Error(answer?.error ?? "The server did not take the file; try again.");
}

/** Send one file straight to the storage where that takes it, otherwise to the dashboard; answers the pictures. */
async function send(area, file, progress) {
  if (!area.dataset.direct || !file.type) {
    return (await tell(area.dataset.url, [["pictures", file]], progress)).pictures;
  }
  const offer = await tell(area.dataset.direct, [["type", file.type]]);
  // The storage reads no field that comes after the file.
  const stored = await post(offer.url, [...Object.entries(offer.fields), ["file", file]], progress);
  if (stored.status >= 300) throw new Error("The storage did not take the file: pictures have at most 20 MB.");
  return (await tell(`${area.dataset.direct}/taken`, [["key", offer.key], ["name", file.name]])).pictures;
}

function addPicture(gallery, picture, alt) {
  const row = document.querySelector("template[data-picture]").content.firstElementChild.cloneNode(true);
  const [media, shows, place, left, top, drop] = row.querySelectorAll("input");
  media.value = picture.id;
  shows.name = `alt-${picture.id}`;
  shows.value = alt;
  place.name = `order-${picture.id}`;
  place.value = String(gallery.children.length + 1);
  left.name = `focal-x-${picture.id}`;
  top.name = `focal-y-${picture.id}`;
  drop.name = `drop-${picture.id}`;
  row.querySelector("img").src = picture.url;
  gallery.append(row);
  adopt(gallery, row);
  bindFocus(row);
  gallery.dispatchEvent(new Event("input", { bubbles: true }));
}

async function upload(area, gallery, files) {
  const list = document.querySelector("[data-progress]");
  const title = document.querySelector("[name=title]").value;
  for (const file of files) {
    const line = document.createElement("p");
    const bar = document.createElement("progress");
    line.append(`${file.name} `, bar);
    list.append(line);
    try {
      const pictures = await send(area, file, (part) => { bar.value = part; });
      for (const picture of pictures) addPicture(gallery, picture, title);
      line.remove();
    } catch (error) {
      line.className = "notice bad";
      line.textContent = error.message;
    }
  }
}

function bindDrop(area) {
  const gallery = document.querySelector("[data-gallery]");
  const input = area.querySelector("input");
  input.addEventListener("change", async () => {
    const files = [...input.files];
    // They are stored by now: the form must not send them again.
    input.value = "";
    await upload(area, gallery, files);
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.toggle("over", name === "dragover");
      if (name === "drop") upload(area, gallery, [...event.dataTransfer.files]);
    });
  }
}

/** A click on the picture sets what must stay in sight; the numbers beside it do the same by keyboard. */
function bindFocus(row) {
  const frame = row.querySelector(".frame");
  const [left, top] = row.querySelectorAll("[name^='focal-']");
  const point = frame.querySelector(".point");
  const show = () => { point.style.left = `${left.value}%`; point.style.top = `${top.value}%`; };
  frame.addEventListener("click", (event) => {
    const box = frame.getBoundingClientRect();
    left.value = String(Math.round(((event.clientX - box.x) / box.width) * 100));
    top.value = String(Math.round(((event.clientY - box.y) / box.height) * 100));
    show();
    left.dispatchEvent(new Event("input", { bubbles: true }));
  });
  left.addEventListener("input", show);
  top.addEventListener("input", show);
}

/** The words of a description, as search engines show them. */
function words(html) {
  const text = new DOMParser().parseFromString(html.replaceAll("<", " <"), "text/html").body.textContent;
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 155 ? `${line.slice(0, 155).replace(/\s\S*$/, "")}…` : line;
}

function bindPreview(box) {
  const form = box.closest("form");
  const update = () => {
    for (const place of box.querySelectorAll("[data-shows]")) {
      const { shows, or } = place.dataset;
      const other = or ? form.elements[or].value : "";
      const text = form.elements[shows].value || (or === "description_html" ? words(other) : other);
      place.textContent = text || place.dataset.else || "…";
    }
  };
  form.addEventListener("input", update);
}

document.querySelectorAll("[data-drop]").forEach(bindDrop);
document.querySelectorAll("[data-gallery] > [data-row]").forEach(bindFocus);
document.querySelectorAll("[data-seo]").forEach(bindPreview);
