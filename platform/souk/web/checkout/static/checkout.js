// Prices the order again while the buyer types; without this module the buttons do the same.
const form = document.getElementById("checkout");
const ADDRESS = new Set(["line1", "city", "state", "postal_code", "country", "name", "tax_number"]);
const COMPLETE = ["name", "line1", "city", "country"];
const collecting = () => form.elements.delivery_method?.value === "pickup";
const QUIET = 150;
document.documentElement.classList.add("js");
let running = null;
// What the buyer changed while an answer was on its way; the answer knows nothing of it.
const late = new Set();

async function reprice({ country = false, method = false } = {}) {
  running?.abort();
  running = new AbortController();
  const parts = document.querySelectorAll("#rates, #summary");
  parts.forEach((part) => part.setAttribute("aria-busy", "true"));
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "update");
  late.clear();
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: running.signal });
    const html = await answer.text();
    // The head of the answer carries another nonce than this page.
    const fresh = new DOMParser().parseFromString(html.slice(html.indexOf("<body")), "text/html");
    if (!fresh.getElementById("summary")) return location.reload();
    swap(fresh, { country, method });
  } catch (error) {
    if (error.name !== "AbortError") parts.forEach((part) => part.removeAttribute("aria-busy"));
  }
}

function swap(fresh, { country, method }) {
  const focused = document.activeElement;
  const before = total(document);
  const peek = document.getElementById("peek");
  fresh.getElementById("peek")?.toggleAttribute("open", peek?.open);
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const next = fresh.getElementById(part.id);
    // What is being typed stays; only another country has other parts of an address.
    if (!next || (part.id === "place" && !country) || (part.id === "way" && !method)) continue;
    // A provider's fields in a frame lose what was typed when they are moved: their section only shows or hides.
    if (part.querySelector(".element")) {
      part.hidden = next.hidden;
      continue;
    }
    // A live region has to stay the same element, or nobody hears it.
    if (part.id === "message") part.replaceChildren(...next.childNodes);
    else part.replaceWith(document.adoptNode(next));
  }
  late.forEach(keep);
  for (const wrong of fresh.querySelectorAll(".field.bad")) markBad(wrong);
  if (focused?.name && !focused.isConnected) successor(focused)?.focus();
  nameButton();
  document.dispatchEvent(new Event("repriced"));
  const now = total(document);
  if (now && now !== before) {
    const news = document.getElementById("news");
    news.textContent = news.dataset.total.replace("%", now);
  }
}

const choices = new Set(["radio", "checkbox"]);
const successor = (old) =>
  [...form.elements].find((one) => one.name === old.name && (!choices.has(old.type) || one.value === old.value));

function keep(old) {
  const now = old.isConnected ? null : successor(old);
  if (!now) return;
  if (choices.has(now.type)) now.checked = old.checked;
  else if (now.tagName !== "SELECT" || [...now.options].some((one) => one.value === old.value)) now.value = old.value;
}

const total = (page) => page.querySelector("#summary .total dd")?.lastChild.textContent.trim();

function markBad(wrong) {
  const field = form.querySelector(`[data-field="${CSS.escape(wrong.dataset.field)}"]`);
  if (!field || field.classList.contains("bad")) return;
  const input = field.querySelector("input, select");
  field.classList.add("bad");
  field.querySelector(".hint")?.remove();
  field.append(document.adoptNode(wrong.querySelector(".why")));
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", `${input.id}-error`);
}

function forgive(input) {
  const field = input.closest(".field.bad");
  if (!field) return;
  field.classList.remove("bad");
  field.querySelector(".why")?.remove();
  input.removeAttribute("aria-invalid");
  input.removeAttribute("aria-describedby");
}

// With an invoice nothing is paid now, so the button must not say so.
function nameButton() {
  const button = form.querySelector("button[value=pay]");
  const chosen = form.querySelector("[name=payment_provider]:checked");
  if (button) button.textContent = chosen?.dataset.type === "manual" ? button.dataset.place : button.dataset.pay;
}

// A checkout that collects a balance asks for no address.
const ready = () => (collecting() ? ["name"] : COMPLETE).every((name) => form.elements[name]?.value.trim());

let timer = 0;
const OF_ADDRESS = new Set([...ADDRESS, "line2", "company", "phone"]);

// What is typed into a saved address makes it a new one: the fields stand, whatever was chosen before.
function nowNew() {
  if (!form.elements.saved_address || form.elements.address_shown.value === "0") return;
  form.elements.saved_address.value = form.elements.address_shown.value = "0";
}

form.addEventListener("input", (event) => {
  if (OF_ADDRESS.has(event.target.name)) nowNew();
  forgive(event.target);
  late.add(event.target);
});
form.addEventListener("change", (event) => {
  const field = event.target;
  if (field.name === "payment_provider") nameButton();
  const country = field.name === "country";
  const method = field.name === "delivery_method" || field.name === "saved_address";
  const matters = country || method || field.name === "pickup_code" || field.name === "shipping_code" || field.name === "use_credit" || field.name === "terms" || field.name === "email" || ADDRESS.has(field.name);
  // The address of a buyer who leaves now is known already.
  if (!matters || (!country && !method && field.name !== "email" && !ready())) return;
  clearTimeout(timer);
  timer = setTimeout(reprice, country || method ? 0 : QUIET, { country, method });
});

form.addEventListener("submit", (event) => {
  running?.abort();
  clearTimeout(timer);
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button?.value === "pay") button.textContent = button.dataset.busy;
});

addEventListener("pageshow", (event) => {
  // A page from the back/forward cache is old: the server knows whether the order stands by now.
  if (event.persisted) return location.reload();
  delete form.dataset.sent;
  nameButton();
});

// A customer whose address is known sees rates and total at once.
if (ready() && !form.querySelector("button[value=pay], .field.bad")) reprice();
