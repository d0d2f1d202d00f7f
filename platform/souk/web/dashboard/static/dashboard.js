// Small comforts of every page; each page works without them.

import "./lookup.js";

/** Tick all rows of a list, and show how many are chosen. */
function bindPicks(form) {
  const all = form.querySelector("[data-pick-all]");
  const picks = [...form.querySelectorAll("[data-pick]")];
  const told = form.querySelectorAll("[data-picked]");
  const update = () => {
    const count = picks.filter((pick) => pick.checked).length;
    for (const place of told) place.textContent = String(count);
    for (const bar of form.querySelectorAll("[data-when-picked]")) bar.hidden = count === 0;
    if (all) {
      all.checked = count > 0 && count === picks.length;
      all.indeterminate = count > 0 && count < picks.length;
    }
  };
  all?.addEventListener("change", () => {
    for (const pick of picks) pick.checked = all.checked;
    update();
  });
  form.addEventListener("change", update);
  update();
}

/** Ask before typed values are lost by leaving the page. */
function guardTyping(form) {
  let dirty = form.dataset.guard === "dirty";
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

/** Put a secret into the clipboard. */
function bindCopy(button) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
}

document.querySelectorAll("form[data-picks]").forEach(bindPicks);
document.querySelectorAll("form[data-guard]").forEach(guardTyping);
document.querySelectorAll("[data-copy]").forEach(bindCopy);
document.querySelectorAll("[data-submits]").forEach((input) => {
  input.addEventListener("change", () => input.form.requestSubmit());
});
document.querySelectorAll("input[type=range]").forEach((input) => {
  const shown = input.closest("label")?.querySelector("output");
  if (shown) input.addEventListener("input", () => { shown.textContent = input.value + (input.dataset.unit ?? ""); });
});
// What went wrong is read out and seen first.
// A scanner types where the focus is: a code that was refused must not swallow the next one.
(document.querySelector("[data-scan]") ?? document.querySelector(".notice.bad[role=alert]"))?.focus();
document.querySelector("[data-scan]")?.select();
document.querySelectorAll("form[data-ask]").forEach((form) => {
  form.addEventListener("submit", (event) => { if (!confirm(form.dataset.ask)) event.preventDefault(); });
});
