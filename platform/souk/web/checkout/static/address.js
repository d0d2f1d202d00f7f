// Draws the parts of an address anew for another country; without this module a button does the same.
const form = document.getElementById("address");
document.documentElement.classList.add("js");

form.elements.country.addEventListener("change", async () => {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "country");
  // Offline the parts stay; what is wrong with them is told when they are saved.
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  const html = (await answer?.text()) ?? "";
  // The head of the answer carries another nonce than this page.
  const place = new DOMParser().parseFromString(html.slice(html.indexOf("<body")), "text/html").getElementById("place");
  if (place) document.getElementById("place").replaceWith(document.adoptNode(place));
});
