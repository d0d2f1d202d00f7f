// Variant picker, gallery and zoom of the product page. Without it, options are links and pictures open by themselves.
const root = document.querySelector('[data-product]');
const { table, strings } = JSON.parse(document.getElementById('product-data').textContent);
const $ = (selector, from = root) => from.querySelector(selector);
const $$ = (selector, from = root) => [...from.querySelectorAll(selector)];

// Variants: rows hold places in lists, for there may be 2,048

const variants = table.rows.map((row, place) => {
  const [price, was, stock, media] = row.splice(-4);
  return { id: row.shift(), options: row.map((place, at) => table.options[at][place]), price: table.prices[price], was: table.prices[was], stock, media, unit: table.units?.[place] ?? '' };
});
const groups = $$('[data-values]').map((box) => $$('[data-value]', box));
let chosen = variants.find(({ id }) => id === Number($('[data-variant-id]')?.value))?.options.slice() ?? [];

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
      const able = find(chosen.map((other, index) => (index === at ? value : other)))?.stock >= 0;
      const on = chosen[at] === value;
      link.ariaChecked = on;
      link.tabIndex = on ? 0 : -1;
      link.classList.toggle('is-unavailable', !able);
      $('[data-unavailable]', link).hidden = able;
    }
    const picked = links.find((link) => link.dataset.value === chosen[at]);
    $('[data-option-value]', links[0].closest('[data-option]')).textContent = picked?.dataset.label ?? chosen[at] ?? '';
  });
}

function paintVariant() {
  const variant = find(chosen);
  const able = variant?.stock >= 0;
  const low = able && strings.low[variant.stock - 1];
  $('[data-variant-id]').value = variant?.id ?? '';
  $('[data-add]').disabled = !able;
  setText('[data-add-label]', able ? strings.add : variant ? strings.soldOut : strings.unavailable, false);
  const breaks = table.breaks?.[variant?.id] ?? [];
  const box = $('[data-breaks]');
  if (box) {
    box.hidden = !breaks.length;
    $('dl', box).replaceChildren(...breaks.map(([least, price]) => {
      const row = document.createElement('div');
      row.appendChild(document.createElement('dt')).textContent = strings.from.replace('999', least);
      row.appendChild(document.createElement('dd')).textContent = table.prices[price];
      return row;
    }));
  }
  const stock = $('[data-stock]');
  const backorder = Boolean(table.backorders?.includes(variant?.id));
  const scarce = low || (backorder && strings.backorder);
  stock.className = `stock${able ? (scarce ? ' stock--low' : '') : ' stock--none'}`;
  stock.textContent = able ? scarce || strings.inStock : variant ? strings.outOfStock : strings.unavailable;
  for (const box of $$('[data-parts]')) box.hidden = box.dataset.parts !== String(variant?.id);
  document.dispatchEvent(new CustomEvent('variant:change', { detail: { id: variant?.id ?? null, available: Boolean(able), backorder } }));
  if (!variant) return;
  setText('[data-price-now]', variant.price, false);
  setText('[data-price-was]', variant.was);
  setText('[data-unit-price]', variant.unit);
  $('[data-price-badge]').hidden = !variant.was;
  $('[data-price]').classList.toggle('price--sale', Boolean(variant.was));
  if (variant.media) show(variant.media);
  history.replaceState({}, '', `${root.dataset.url}?variant=${variant.id}`);
}

function choose(at, value) {
  chosen[at] = value;
  // Keep the shopper's click and bend the other options when the combination does not exist.
  const near = variants.filter((v) => v.options[at] === value);
  if (!find(chosen)) chosen = (near.find((v) => v.stock >= 0) ?? near[0])?.options.slice() ?? chosen;
  paintOptions();
  paintVariant();
}

groups.forEach((links, at) => {
  links[0].parentElement.setAttribute('role', 'radiogroup');
  links.forEach((link, index) => {
    link.setAttribute('role', 'radio');
    link.removeAttribute('aria-current');
    link.onclick = (event) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      choose(at, link.dataset.value);
    };
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
  for (const thumb of $$('[data-thumb]')) thumb.ariaCurrent = thumb.dataset.thumb === String(position);
  setText('[data-gallery-now]', slides.findIndex((slide) => slide.dataset.position === String(position)) + 1);
}

function show(position) {
  const slide = slides.find((entry) => entry.dataset.position === String(position));
  if (!slide) return;
  track.scrollTo({ left: slide.offsetLeft - track.offsetLeft, behavior: matchMedia('(prefers-reduced-motion:reduce)').matches ? 'auto' : 'smooth' });
  mark(position);
}

for (const thumb of $$('[data-thumb]')) thumb.onclick = (event) => { event.preventDefault(); show(thumb.dataset.thumb); };
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
  button.onclick = () => zoom(at + Number(button.dataset.zoomStep));
}
dialog.addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) zoom(at + step);
});
