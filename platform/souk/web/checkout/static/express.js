// Lets a payment provider's own module show express buttons, and sends what a wallet knows of its buyer to the checkout.
const form = document.getElementById("checkout");
const section = document.getElementById("express");
const PATIENCE = 4000;
// Where the order is collected, "" where it is sent; the wallet needs no place then.
const collected = () =>
  form.elements.delivery_method?.value === "pickup" ? form.elements.pickup_code?.value || "pickup" : "";
const ships = () => section.hasAttribute("data-ships") && !collected();

async function quote(address, code = "") {
  const body = new URLSearchParams({ ...address, shipping_code: collected() || code });
  const answer = await fetch(`${form.action}/quote`, { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

// The fields of the page may be those of another country, so that the wallet's go in a form of their own.
function pay(fields) {
  const own = document.createElement("form");
  own.method = "post";
  own.action = form.action;
  // What was answered and agreed to on the page holds for the wallet's buyer too.
  const told = [...new FormData(form)].filter(([name]) => /^(note|terms.*|accepts_marketing|field.*)$/.test(name));
  const place = collected();
  const way = place ? { delivery_method: "pickup", pickup_code: place } : {};
  const kept = { ...Object.fromEntries(told), do: "pay" };
  for (const [name, value] of Object.entries({ ...kept, ...fields, ...way })) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value ?? "";
    own.append(input);
  }
  document.body.append(own);
  own.submit();
}

function tell(message) {
  const alert = document.createElement("div");
  alert.className = "alert";
  alert.role = "alert";
  alert.textContent = message || section.dataset.trouble;
  document.getElementById("message").replaceChildren(alert);
  alert.scrollIntoView({ block: "center" });
}

for (const box of section.querySelectorAll("[data-module]")) {
  const { provider, module, locale, colour, country, label } = box.dataset;
  const part = () => JSON.parse(form.querySelector(`[data-part="${CSS.escape(provider)}"]`).value);
  // Without a wallet in this browser, or with a vendor that is not there, the page goes on as it is.
  const shown = () => { section.classList.remove("waiting"); section.hidden = false; };
  import(module)
    .then(({ express }) => express({ box, part, locale, colour, country, label, ships, quote, pay, tell, shown }))
    .catch((error) => console.info("express buttons are not there", error));
}

// A place that no wallet took is given back.
setTimeout(() => { section.hidden = section.classList.contains("waiting"); }, PATIENCE);
