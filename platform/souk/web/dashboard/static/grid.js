// Tables of inputs: arrow keys move between rows, changed cells are marked and the only ones that are sent.

const cellsOf = (form, column) => [...form.querySelectorAll(`[data-column="${column}"]`)];

function mark(input) {
  const changed = input.value !== input.dataset.was;
  input.classList.toggle("changed", changed);
  return changed;
}

function tell(form) {
  const count = [...form.querySelectorAll("[data-column]")].filter(mark).length;
  const place = form.querySelector("[data-changes]");
  if (place && count) place.textContent = `${count} ${count === 1 ? "cell" : "cells"} changed`;
}

function move(form, event) {
  const { column } = event.target.dataset;
  const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
  if (!column || !step || (event.target.tagName === "SELECT" && event.key !== "Enter")) return;
  event.preventDefault();
  const cells = cellsOf(form, column);
  const next = cells[cells.indexOf(event.target) + step];
  next?.focus();
  next?.select?.();
}

/** Write one value into every row that is shown; nothing is sent yet. */
function bindFill(form) {
  form.querySelector("button[value=fill]:not([data-everywhere])")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const source of form.querySelectorAll("[data-fill]")) {
      if (!source.value) continue;
      for (const cell of cellsOf(form, source.dataset.fill)) cell.value = source.value;
      source.value = "";
    }
    form.dispatchEvent(new Event("input"));
  });
}

function bind(form) {
  bindFill(form);
  form.addEventListener("keydown", (event) => move(form, event));
  form.addEventListener("input", () => tell(form));
  // 2,048 variants have 16,000 cells; the server needs those that changed.
  form.addEventListener("formdata", (event) => {
    for (const input of form.querySelectorAll("[data-column]")) {
      if (input.value === input.dataset.was) event.formData.delete(input.name);
    }
    for (const seen of form.querySelectorAll("[data-seen]")) {
      if (!seen.closest("tr").querySelector(".changed")) event.formData.delete(seen.name);
    }
  });
  tell(form);
}

document.querySelectorAll("form[data-grid]").forEach(bind);
