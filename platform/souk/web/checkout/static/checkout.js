// Prices the order again while the buyer types; without this module the "Update" button does the same.
const form = document.getElementById("checkout");
const ADDRESS = new Set(["line1", "city", "state", "postal_code", "country", "name"]);
const COMPLETE = ["name", "line1", "city", "country"];
let running = null;

async function reprice() {
  running?.abort();
  running = new AbortController();
  const parts = document.querySelectorAll("#rates, #summary");
  parts.forEach((part) => part.setAttribute("aria-busy", "true"));
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "update");
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: running.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.getElementById("summary")) return location.reload();
    swap(fresh);
  } catch (error) {
    if (error.name !== "AbortError") parts.forEach((part) => part.removeAttribute("aria-busy"));
  }
}

function swap(fresh) {
  const focused = document.activeElement;
  const mark = focused?.name && [focused.name, focused.value];
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const next = fresh.getElementById(part.id);
    if (next) part.replaceWith(document.adoptNode(next));
  }
  // A replaced radio button would lose the keyboard's place.
  if (mark && !focused.isConnected) {
    [...form.elements].find((one) => one.name === mark[0] && one.value === mark[1])?.focus();
  }
}

let timer = 0;
form.addEventListener("change", (event) => {
  const field = event.target;
  const ready = COMPLETE.every((name) => form.elements[name].value.trim());
  if (field.name !== "shipping_code" && !(ADDRESS.has(field.name) && ready)) return;
  clearTimeout(timer);
  timer = setTimeout(reprice, 150);
});

form.addEventListener("submit", (event) => {
  running?.abort();
  clearTimeout(timer);
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  if (event.submitter?.value === "pay") event.submitter.textContent = "Paying…";
});
// The back button shows the old page again, which must be sendable.
addEventListener("pageshow", () => delete form.dataset.sent);
