// Lists that are put in order by dragging, or with the arrow keys on the handle of a row.
// Without this script the number in each row does the same.

/** Write the rows' places into their number inputs. */
function renumber(list) {
  list.querySelectorAll(":scope > [data-row]").forEach((row, index) => {
    const place = row.querySelector("[data-order]");
    if (place) place.value = String(index + 1);
  });
  list.dispatchEvent(new Event("input", { bubbles: true }));
  list.dispatchEvent(new CustomEvent("reordered", { bubbles: true }));
}

function nameOf(row) {
  const named = row.querySelector("[data-name]");
  return named?.value || named?.textContent.trim() || "The row";
}

function tell(list, row) {
  const rows = [...list.querySelectorAll(":scope > [data-row]")];
  list.parentElement.querySelector("[data-told]").textContent =
    `${nameOf(row)} is at place ${rows.indexOf(row) + 1} of ${rows.length}.`;
}

function step(list, row, back) {
  const other = back ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (back) other.before(row); else other.after(row);
  renumber(list);
  row.querySelector("[data-handle]").focus();
  tell(list, row);
}

function addHandle(list, row) {
  const handle = document.createElement("button");
  handle.type = "button";
  handle.className = "handle";
  handle.dataset.handle = "";
  handle.textContent = "⠿";
  handle.setAttribute("aria-label", `Move ${nameOf(row)}: drag, or use the arrow keys`);
  row.prepend(handle);
  handle.addEventListener("keydown", (event) => {
    const back = event.key === "ArrowUp" || event.key === "ArrowLeft";
    if (!back && event.key !== "ArrowDown" && event.key !== "ArrowRight") return;
    event.preventDefault();
    step(list, row, back);
  });
  handle.addEventListener("pointerdown", (event) => drag(list, row, handle, event));
}

function drag(list, row, handle, start) {
  start.preventDefault();
  handle.focus();
  row.classList.add("dragged");
  // On the document: a row that moves leaves it for a moment, and a captured pointer would be lost with the handle.
  const own = (act) => (event) => event.pointerId === start.pointerId && act(event);
  const move = own((event) => {
    const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-row]");
    if (!over || over === row || over.parentElement !== list) return;
    const box = over.getBoundingClientRect();
    const wide = box.width < list.getBoundingClientRect().width / 2;
    const after = wide ? event.clientX > box.x + box.width / 2 : event.clientY > box.y + box.height / 2;
    if (after) over.after(row); else over.before(row);
  });
  const end = own(() => {
    row.classList.remove("dragged");
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    renumber(list);
    tell(list, row);
  });
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
}

export function reorderable(list) {
  const told = document.createElement("p");
  told.className = "hidden";
  told.dataset.told = "";
  told.setAttribute("aria-live", "polite");
  list.after(told);
  for (const row of list.querySelectorAll(":scope > [data-row]")) adopt(list, row);
}

/** Give a row that came later its handle. */
export function adopt(list, row) {
  const place = row.querySelector("[data-order]");
  if (place) place.type = "hidden";
  addHandle(list, row);
}

document.querySelectorAll("[data-reorder]").forEach(reorderable);
