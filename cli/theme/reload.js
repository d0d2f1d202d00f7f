// Follows the changes of a theme in development: swaps style sheets and sections, or loads the page anew.
const show = (message) => {
  let box = document.getElementById("souk-dev");
  if (!message) { box?.remove(); return; }
  box ??= document.body.appendChild(Object.assign(document.createElement("pre"), {id: "souk-dev"}));
  box.style.cssText = "position:fixed;inset:auto 0 0;margin:0;padding:1rem;background:#7d1d12;color:#fff;z-index:99999;white-space:pre-wrap";
  box.textContent = message;
};
const swapStyles = (styles) => {
  for (const [name, address] of Object.entries(styles)) {
    const old = [...document.querySelectorAll("link[rel=stylesheet]")].find((link) => link.href.endsWith("/" + name));
    if (!old) return location.reload();
    const link = Object.assign(old.cloneNode(), {href: address});
    link.onload = () => old.remove();
    old.after(link);
  }
};
const swapSections = async (types) => {
  const found = [...document.querySelectorAll("[data-section-type]")].filter((e) => types.includes(e.dataset.sectionType));
  const ids = [...new Set(found.map((element) => element.dataset.sectionId))];
  for (let at = 0; at < ids.length; at += 5) {
    const address = new URL(location.href);
    address.searchParams.set("sections", ids.slice(at, at + 5).join(","));
    const parts = await (await fetch(address)).json();
    for (const [id, html] of Object.entries(parts)) {
      const old = document.getElementById("section-" + id);
      if (old) { old.outerHTML = html; document.dispatchEvent(new CustomEvent("section:load", {detail: {id}})); }
    }
  }
};
const since = document.querySelector("script[data-revision]").dataset.revision;
new EventSource("/_dev/events?since=" + since).onmessage = async (event) => {
  const news = JSON.parse(event.data);
  show(news.kind === "problem" ? news.message : "");
  if (news.kind === "reload") location.reload();
  if (news.kind === "swap") { swapStyles(news.styles); await swapSections(news.sections); }
};
