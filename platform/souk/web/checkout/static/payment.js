// Lets a payment provider's own module show its fields, and puts the token that it makes into the form.
const form = document.getElementById("checkout");
const boxes = new Map([...form.querySelectorAll(".element[data-module]")].map((box) => [box.dataset.provider, box]));
const shown = new Map();

const chosen = () => form.querySelector("[name=payment_provider]:checked")?.value;
const partOf = (name) => JSON.parse(form.querySelector(`[data-part="${CSS.escape(name)}"]`).value);

function show(name) {
  const box = boxes.get(name);
  if (!box || shown.has(name)) return;
  const { module, locale, colour } = box.dataset;
  const ready = import(module).then(({ mount }) => mount({ box, form, data: partOf(name), locale, colour }));
  // A vendor that cannot be reached leaves the buyer its own page, to which a form without a token leads.
  ready.catch((error) => console.info("payment fields are not there", error));
  shown.set(name, ready);
}

async function submit(event) {
  const name = chosen();
  const button = event.submitter;
  if (button?.value !== "pay" || !boxes.has(name) || form.elements.provider_token.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  button.disabled = true;
  try {
    const fields = await shown.get(name).catch(() => null);
    if (!fields) return boxes.delete(name), send(button);
    form.elements.provider_token.value = await fields.token();
    send(button);
  } catch (error) {
    tell(boxes.get(name), error.message);
    button.disabled = false;
  }
}

function send(button) {
  button.disabled = false;
  form.requestSubmit(button);
}

function tell(box, message) {
  const alert = document.createElement("div");
  alert.className = "alert";
  alert.role = "alert";
  alert.textContent = message || box.dataset.trouble;
  document.getElementById("message").replaceChildren(alert);
  alert.scrollIntoView({ block: "center" });
}

form.addEventListener("submit", submit, { capture: true });
form.addEventListener("change", ({ target }) => target.name === "payment_provider" && show(target.value));
document.addEventListener("repriced", async () => {
  for (const [name, ready] of shown) (await ready.catch(() => null))?.update(partOf(name));
});
addEventListener("pageshow", () => { form.elements.provider_token.value = ""; });
show(chosen());
