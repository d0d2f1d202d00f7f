// Runs the extra step of a payment, such as 3-D Secure; how it ended is asked by our server.
const form = document.getElementById("step");
const { step } = await import(form.dataset.module);
try {
  await step({ data: JSON.parse(form.dataset.part) });
} finally {
  form.requestSubmit(form.querySelector("button"));
}
