// Variant picker, gallery and zoom of the product page. Without it, options are links and pictures open by themselves.
const root = document.querySelector('[data-product]');
const { variants, strings } = JSON.parse(document.getElementById('product-data').textContent);
const $ = (selector, from = root) => from.querySelector(selector);
const $$ = (selector, from = root) => [...from.querySelectorAll(selector)];

// Variants

const groups = $$('[data-values]').map((box) => $$('[data-value]', box));
const currentId = Number($('[data-variant-id]')?.value);
let chosen = variants.find((variant) => variant.id === currentId)?.options.slice() ?? [];

const find = (options) => variants.find((variant) => variant.options.every((value, at) => value === options[at]));

function setText(selector, text, hidden = !text) {
  const node = $(selector);
  if (!node) return;
  node.textContent = text;
  node.hidden = hidden;
}

function paintOptions() {
  groups.forEach((links, at) => {
    for (const link of links) {
      const value = link.dataset.value;
      const match = find(chosen.map((other, index) => (index === at ? value : other)));
      const on = chosen[at] === value;
      link.setAttribute('aria-checked', String(on));
      link.tabIndex = on ? 0 : -1;
      link.classList.toggle('is-unavailable', !match?.available);
      $('[data-unavailable]', link).hidden = Boolean(match?.available);
    }
    const label = $('[data-option-value]', links[0].closest('[data-option]'));
    label.textContent = chosen[at] ?? '';
  });
}

function paintVariant() {
  const variant = find(chosen);
  const able = Boolean(variant?.available);
  $('[data-variant-id]').value = variant?.id ?? '';
  $('[data-add]').disabled = !able;
  setText('[data-add-label]', able ? strings.add : variant ? strings.soldOut : strings.unavailable, false);
  const stock = $('[data-stock]');
  stock.className = `stock${able ? (variant.low ? ' stock--low' : '') : ' stock--none'}`;
  stock.textContent = able ? variant.low || strings.inStock : variant ? strings.outOfStock : strings.unavailable;
  if (!variant) return;
  setText('[data-price-now]', variant.price, false);
  setText('[data-price-was]', variant.was ?? '');
  $('[data-price-badge]').hidden = !variant.was;
  $('[data-price]').classList.toggle('price--sale', Boolean(variant.was));
  if (variant.media) show(variant.media);
  history.replaceState({}, '', `${root.dataset.url}?variant=${variant.id}`);
}

function choose(at, value) {
  chosen[at] = value;
  // Keep the shopper's click and bend the other options when the combination does not exist.
  if (!find(chosen)) chosen = (variants.find((v) => v.options[at] === value && v.available) ?? variants.find((v) => v.options[at] === value))?.options.slice() ?? chosen;
  paintOptions();
  paintVariant();
}

groups.forEach((links, at) => {
  links[0].parentElement.setAttribute('role', 'radiogroup');
  links.forEach((link, index) => {
    link.setAttribute('role', 'radio');
    link.removeAttribute('aria-current');
    link.addEventListener('click', (event) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      choose(at, link.dataset.value);
    });
    link.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === ' ') { event.preventDefault(); return choose(at, link.dataset.value); }
      if (!step) return;
      event.preventDefault();
      const turn = document.dir === 'rtl' && event.key.match(/Left|Right/) ? -step : step;
      const next = links[(index + turn + links.length) % links.length];
      choose(at, next.dataset.value);
      next.focus();
    });
  });
});
if (groups.length) paintOptions();

// Gallery

const track = $('[data-track]');
const slides = $$('.gallery__slide');

function mark(position) {
  for (const thumb of $$('[data-thumb]')) {
    if (thumb.dataset.thumb === String(position)) thumb.setAttribute('aria-current', 'true');
    else thumb.removeAttribute('aria-current');
  }
  const now = $('[data-gallery-now]');
  if (now) now.textContent = slides.findIndex((slide) => slide.dataset.position === String(position)) + 1;
}

function show(position) {
  const slide = slides.find((entry) => entry.dataset.position === String(position));
  if (!slide) return;
  const still = matchMedia('(prefers-reduced-motion:reduce)').matches;
  track.scrollTo({ left: slide.offsetLeft - track.offsetLeft, behavior: still ? 'auto' : 'smooth' });
  mark(position);
}

for (const thumb of $$('[data-thumb]')) {
  thumb.addEventListener('click', (event) => { event.preventDefault(); show(thumb.dataset.thumb); });
}
if (track && slides.length > 1) {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) mark(entry.target.dataset.position);
  }, { root: track, threshold: 0.6 });
  if (getComputedStyle(track).display === 'flex') slides.forEach((slide) => seen.observe(slide));
}

// Zoom

const dialog = document.querySelector('[data-zoom-dialog]');
const stage = $('[data-zoom-stage]', dialog);
const links = $$('[data-zoom]');
let at = 0;

function zoom(index) {
  at = (index + links.length) % links.length;
  const image = new Image();
  image.src = links[at].href;
  image.alt = $('img', links[at]).alt;
  stage.classList.remove('is-large');
  stage.replaceChildren(image);
}

links.forEach((link, index) => link.addEventListener('click', (event) => {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  zoom(index);
  dialog.showModal();
}));
stage.addEventListener('click', (event) => {
  if (event.target === stage) return dialog.close();
  const large = stage.classList.toggle('is-large');
  if (large) stage.scrollTo((stage.scrollWidth - stage.clientWidth) / 2, (stage.scrollHeight - stage.clientHeight) / 2);
});
for (const button of $$('[data-zoom-step]', dialog)) {
  button.hidden = links.length < 2;
  button.addEventListener('click', () => zoom(at + Number(button.dataset.zoomStep)));
}
dialog.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowRight') zoom(at + 1);
  if (event.key === 'ArrowLeft') zoom(at - 1);
});
