// Rules of a collection: what they find, while they are typed, and a fresh row when the last one is used.

let running;

async function preview(box) {
  running?.abort();
  running = new AbortController();
  const place = box.querySelector("[data-preview]");
  try {
    const form = new URLSearchParams(new FormData(box.closest("form")));
    const answer = await fetch(box.dataset.rules, { method: "POST", body: form, signal: running.signal });
    const found = await answer.json();
    place.hidden = false;
    place.classList.toggle("bad", !answer.ok);
    place.classList.toggle("good", answer.ok);
    if (answer.ok) {
      const count = document.createElement("b");
      count.textContent = `${found.total.toLocaleString("en")} ${found.total === 1 ? "product" : "products"} `;
      place.replaceChildren(count, found.titles.join(", ") + (found.total > found.titles.length ? " …" : ""));
    } else place.textContent = found.error;
  } catch (error) {
    if (error.name !== "AbortError") place.hidden = true;
  }
}

/** Offer the relations that fit the row's field, its known values, and a value only where one is compared. */
function fit(row) {
  const [field, relation] = row.querySelectorAll("select");
  const value = row.querySelector("input");
  const fits = field.selectedOptions[0].dataset.fits?.split(" ");
  for (const option of relation.options) {
    option.hidden = Boolean(fits) && !fits.includes(option.value);
    option.disabled = option.hidden;
  }
  if (relation.selectedOptions[0]?.disabled ?? true) relation.value = fits[0];
  value.hidden = relation.value.startsWith("is_") && relation.value.endsWith("set");
  // Of these a shop may have thousands: see lookup.js.
  const asked = { vendor: "vendor", product_type: "type", tag: "tag" }[field.value];
  if (asked) {
    value.dataset.lookup = `${row.closest("[data-names]").dataset.names}?of=${asked}`;
  } else {
    delete value.dataset.lookup;
    value.setAttribute("list", `rule-${field.value}`);
  }
}

function grow(box) {
  const rows = [...box.querySelectorAll("[data-condition]")];
  const last = rows.at(-1);
  if (!last.querySelector("select").value || rows.length >= 30) return;
  const fresh = last.cloneNode(true);
  for (const input of fresh.querySelectorAll("select, input")) {
    input.name = input.name.replace(/\d+/, String(rows.length));
    if (input.tagName === "INPUT") input.value = ""; else input.selectedIndex = 0;
  }
  last.after(fresh);
}

function bind(box) {
  let wait;
  const show = () => {
    const automated = box.querySelector("[name=kind]:checked").value === "automated";
    box.querySelector(".rules").hidden = !automated;
    if (!automated) return;
    grow(box);
    box.querySelectorAll("[data-condition]").forEach(fit);
    clearTimeout(wait);
    wait = setTimeout(() => preview(box), 250);
  };
  box.addEventListener("input", show);
  show();
}

document.querySelectorAll("[data-rules]").forEach(bind);
