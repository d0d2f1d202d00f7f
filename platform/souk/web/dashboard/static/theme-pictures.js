// Draws the small pictures of themes to the width that they have.
const WIDE = 1280;
const fit = (entries) => {
  for (const { target } of entries) target.style.setProperty("--scale", String(target.clientWidth / WIDE));
};
const observer = new ResizeObserver(fit);
document.querySelectorAll(".theme-picture").forEach((picture) => observer.observe(picture));
