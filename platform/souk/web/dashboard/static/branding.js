// Shows the checkout in the colours that are typed, before they are saved.
const form = document.querySelector("[data-branding]");
const frame = document.querySelector("[data-preview]");
let timer;
function draw() {
  const address = new URL(frame.dataset.preview);
  for (const name of ["accent", "logo_text"]) address.searchParams.set(name, form.elements[name].value);
  frame.src = address;
}
form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(draw, 250); });
draw();
