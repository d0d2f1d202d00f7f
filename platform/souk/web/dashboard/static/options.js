// The options of a product: a fresh input whenever the last one is filled, and how many variants they make.

function grow(values) {
  const inputs = values.querySelectorAll("input:not([type=hidden])");
  const last = inputs[inputs.length - 1];
  if (!last.value) return;
  const before = document.createElement("input");
  before.type = "hidden";
  before.name = last.name.replace("value", "before");
  const fresh = last.cloneNode();
  fresh.value = "";
  fresh.setAttribute("aria-label", "Another value");
  values.append(before, fresh);
}

/** The server draws several blank inputs for those who have no script; one that grows is enough here. */
function trim(values) {
  const inputs = [...values.querySelectorAll("input:not([type=hidden])")];
  while (inputs.length > 1 && !inputs.at(-1).value && !inputs.at(-2).value) {
    const last = inputs.pop();
    last.previousElementSibling.remove();
    last.remove();
  }
}

function bind(form) {
  form.querySelectorAll("[data-values]").forEach(trim);
  const tell = form.querySelector("[data-count]");
  const button = form.querySelector("button");
  const update = () => {
    let count = 1;
    for (const values of form.querySelectorAll("[data-values]")) {
      grow(values);
      const filled = [...values.querySelectorAll("input:not([type=hidden])")].filter((input) => input.value.trim());
      count *= Math.max(filled.length, 1);
    }
    const most = Number(form.dataset.most);
    tell.textContent = `${count.toLocaleString("en")} variants${count > most ? `: more than ${most.toLocaleString("en")}` : ""}`;
    button.disabled = count > most;
  };
  form.addEventListener("input", update);
  update();
}

document.querySelectorAll("form[data-options]").forEach(bind);
