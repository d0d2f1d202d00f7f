// Inputs that offer what the shop has by the words that are typed: a list of all would be too long.

/** Fill the list of choices of an input, and tell what was chosen apart from what is still typed. */
function bindLookup(input) {
  const choices = document.createElement("datalist");
  choices.id = `lookup-${Math.random().toString(36).slice(2)}`;
  // Beside the label and not in it: the choices are no part of the input's name.
  (input.closest("label") ?? input).after(choices);
  input.setAttribute("list", choices.id);
  input.autocomplete = "off";
  let wait, running;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const address = new URL(input.dataset.lookup, location.href);
    address.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(address, { signal: running.signal });
      if (!answer.ok) return;
      const { names } = await answer.json();
      choices.replaceChildren(...names.map(({ value, label }) => new Option(label || value, value)));
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  input.addEventListener("focus", ask, { once: true });
  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 150); });
  return choices;
}

/** Let a choice become a line of the text above it. */
function bindAdding(input, choices) {
  const text = document.getElementsByName(input.dataset.adds)[0];
  const add = () => {
    if (![...choices.options].some((option) => option.value === input.value)) return;
    const lines = text.value.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!lines.includes(input.value)) lines.push(input.value);
    text.value = lines.join("\n");
    input.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.hidden = false;
  input.addEventListener("change", add);
  input.addEventListener("input", (event) => { if (!(event instanceof InputEvent) || event.inputType === "insertReplacementText") add(); });
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
}

/** Show a question only where the choice beside it asks for it. */
function bindDepending(box) {
  const select = box.closest("[data-row], form").querySelector("[data-decides]");
  const update = () => { box.hidden = !select.value.endsWith(box.dataset.dependsOn); };
  select.addEventListener("change", update);
  update();
}

document.querySelectorAll("[data-lookup]").forEach((input) => {
  const choices = bindLookup(input);
  if (input.dataset.adds) bindAdding(input, choices);
});
document.querySelectorAll("[data-depends-on]").forEach(bindDepending);
