// Inputs that offer what the shop has by the words that are typed: a list of all would be too long.

const lists = new WeakMap();

/** Return the list of choices of an input, which is made when the input is first used: rows of forms are copied. */
function choicesOf(input) {
  let choices = lists.get(input);
  if (!choices) {
    choices = document.createElement("datalist");
    choices.id = `lookup-${Math.random().toString(36).slice(2)}`;
    // Beside the label and not in it: the choices are no part of the input's name.
    (input.closest("label") ?? input).after(choices);
    lists.set(input, choices);
  }
  input.setAttribute("list", choices.id);
  input.autocomplete = "off";
  return choices;
}

let running;

async function ask(input) {
  const choices = choicesOf(input);
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
}

/** Let a choice become a line of the text above it. */
function bindAdding(input) {
  const text = document.getElementsByName(input.dataset.adds)[0];
  const add = (only = false) => {
    const options = [...choicesOf(input).options];
    const typed = input.value.trim().toLowerCase();
    // What people type is the title; with Enter the only choice that is left is meant.
    const meant = options.find((option) => [option.value, option.label].some((name) => name.toLowerCase() === typed))
      ?? (only && options.length === 1 ? options[0] : undefined);
    if (!typed || !meant) return;
    const lines = text.value.split("\n").map((line) => line.trim()).filter(Boolean);
    if (!lines.includes(meant.value)) lines.push(meant.value);
    text.value = lines.join("\n");
    input.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  input.hidden = false;
  input.addEventListener("change", () => add());
  input.addEventListener("input", (event) => {
    // A choice of the list is no typing.
    if (!event.inputType || event.inputType === "insertReplacementText") add();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); add(true); }
  });
}

/** Show a question only where the choice beside it asks for it. */
function bindDepending(box) {
  const select = box.closest("[data-row], form").querySelector("[data-decides]");
  const update = () => { box.hidden = !select.value.endsWith(box.dataset.dependsOn); };
  select.addEventListener("change", update);
  update();
}

let wait;
document.addEventListener("focusin", ({ target }) => { if (target.dataset.lookup) ask(target); });
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.lookup) return;
  clearTimeout(wait);
  wait = setTimeout(() => ask(target), 150);
});
document.querySelectorAll("[data-adds]").forEach(bindAdding);
document.querySelectorAll("[data-depends-on]").forEach(bindDepending);
