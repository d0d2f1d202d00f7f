// Header, cart drawer, add to cart, quantity steppers and suggestions. Every page works without this file.
const { routes, strings } = JSON.parse(document.getElementById('theme-data').textContent);
const drawer = document.getElementById('cart-drawer');
// Addresses of the cart have no language of their own where the shop's first language is spoken.
const spoken = { 'souk-language': document.documentElement.lang };
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

function toast(text) {
  const box = $('[data-toast]');
  box.textContent = text;
  requestAnimationFrame(() => box.classList.add('is-on'));
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove('is-on'), 3200);
}

// Cart

function showCount(count) {
  for (const badge of $$('[data-cart-count]')) {
    badge.textContent = count;
    badge.hidden = !count;
  }
}

async function loadCount() {
  try {
    const answer = await fetch(routes.cartJson, { headers: { ...spoken, accept: 'application/json' } });
    if (answer.ok) showCount((await answer.json()).item_count);
  } catch { /* offline: the link to the cart still works */ }
}

function fillDrawer(html) {
  const line = $(':focus', drawer)?.closest('[data-quantity]')?.querySelector('input').dataset.line;
  $('[data-cart-content]', drawer).innerHTML = html;
  if (line) $(`[data-line="${CSS.escape(line)}"]`, drawer)?.focus();
}

async function openDrawer(html) {
  if (!drawer.open) drawer.showModal();
  if (html) return fillDrawer(html);
  const answer = await fetch(`${routes.cart}?sections=cart-drawer`, { headers: spoken });
  if (!answer.ok) return location.assign(routes.cart);
  fillDrawer((await answer.json())['cart-drawer'] ?? '');
}

async function send(url, body) {
  if (drawer) body.set('sections', 'cart-drawer');
  const answer = await fetch(url, { method: 'POST', body, headers: { ...spoken, accept: 'application/json' } });
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(result.detail || result.title || strings.error);
  showCount(result.item_count);
  return result;
}

function showError(root, text) {
  const box = root && $('[data-form-error]', root);
  if (!box) return toast(text);
  box.textContent = text;
  box.hidden = !text;
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form') || ![routes.cartAdd, routes.cartOrder].includes(form.getAttribute('action'))) return;
  if (form.elements.lines) return; // a pasted list is answered by a page that shows what was wrong with it
  event.preventDefault();
  const button = event.submitter ?? $('[type=submit]', form);
  button?.classList.add('is-busy');
  showError(form, '');
  try {
    const result = await send(form.getAttribute('action'), new FormData(form, event.submitter));
    if (form.matches('[data-order]')) form.reset();
    if (drawer) openDrawer(result.sections?.['cart-drawer']);
    else toast(strings.added);
  } catch (error) {
    showError(form, error.message);
  } finally {
    button?.classList.remove('is-busy');
  }
});

// A changed line draws the cart anew: it waits until the note is kept, which would be lost otherwise.
let noted = Promise.resolve();

function keepNote(box) {
  const body = new FormData();
  body.set('note', box.value);
  noted = send(routes.cartUpdate, body).catch((error) => showError(box.closest('#cart-drawer, [data-cart-page]'), error.message));
}

async function changeLine(key, quantity, root) {
  await noted;
  const body = new FormData();
  body.set('id', key);
  body.set('quantity', quantity);
  try {
    const result = await send(routes.cartChange, body);
    if (root === drawer) await openDrawer(result.sections?.['cart-drawer']);
    else await reloadCartPage();
  } catch (error) {
    showError(root, error.message);
  }
}

async function reloadCartPage() {
  const old = $('[data-cart-page]');
  const answer = await fetch(`${routes.cart}?sections=${old.dataset.section}`, { headers: spoken });
  if (!answer.ok) return location.reload();
  const html = (await answer.json())[old.dataset.section];
  const page = new DOMParser().parseFromString(html, 'text/html');
  const fresh = $('[data-cart-page]', page);
  const title = $('.page-top', page);
  if (!fresh) return location.reload();
  if (title) $('.page-top').replaceWith(title);
  old.replaceWith(fresh);
}

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-step],[data-remove-line],[data-cart-link],[data-close]');
  if (!target) return;
  if (target.matches('[data-step]')) {
    const input = $('input', target.closest('[data-quantity]'));
    const next = Number(input.value || 0) + Number(target.dataset.step);
    input.value = Math.max(Number(input.min || 0), Math.min(next, Number(input.max || 9999)));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  } else if (target.matches('[data-remove-line]')) {
    changeLine(target.dataset.removeLine, 0, drawer);
  } else if (target.matches('[data-close]')) {
    target.closest('dialog').close();
  } else if (drawer && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    openDrawer();
  }
});

document.addEventListener('change', (event) => {
  const input = event.target;
  if (input.matches('[data-note]')) return keepNote(input);
  if (!input.dataset?.line) return;
  changeLine(input.dataset.line, input.value, input.closest('#cart-drawer, [data-cart-page]'));
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-remove]')) return;
  event.preventDefault();
  changeLine(form.elements.id.value, 0, $('[data-cart-page]'));
});

drawer?.addEventListener('click', (event) => { if (event.target === drawer) drawer.close(); });

// Header

const menus = $$('[data-nav]');
const hovers = matchMedia('(hover:hover) and (pointer:fine)').matches;
for (const menu of menus) {
  let timer;
  if (hovers) {
    menu.addEventListener('pointerenter', () => { clearTimeout(timer); timer = setTimeout(() => { menu.open = true; }, 90); });
    menu.addEventListener('pointerleave', () => { clearTimeout(timer); timer = setTimeout(() => { menu.open = false; }, 180); });
    // A click that follows the hover must not close what has just opened.
    $('summary', menu).addEventListener('click', (event) => { if (event.detail && menu.open) event.preventDefault(); });
  }
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    $('summary', menu).focus();
  });
  menu.addEventListener('focusout', (event) => { if (!menu.contains(event.relatedTarget)) menu.open = false; });
}

const header = $('[data-sticky]');
if (header) {
  let last = scrollY;
  addEventListener('scroll', () => {
    if (Math.abs(scrollY - last) < 6) return;
    header.classList.toggle('is-away', scrollY > last && scrollY > 240 && !menus.some((menu) => menu.open));
    last = scrollY;
  }, { passive: true });
}

// A popover does not make the page behind it inert by itself, so Tab would wander off.
for (const panel of $$('[popover]')) {
  panel.addEventListener('toggle', (event) => {
    const open = event.newState === 'open';
    for (const part of $$('main, footer')) if (!part.contains(panel)) part.inert = open;
    if (open) $('input[type=search], button, a', panel)?.focus();
  });
}

// Suggestions while typing (combobox pattern)

function item(list, id, href, build) {
  const link = element('a', '', 'suggest__item');
  link.id = `suggest-${id}`;
  link.href = href;
  link.setAttribute('role', 'option');
  link.setAttribute('aria-selected', 'false');
  link.tabIndex = -1;
  build(link);
  list.append(link);
}

function element(tag, text, className = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  if (className) node.className = className;
  return node;
}

function group(box, title, entries, build) {
  if (!entries?.length) return;
  const list = element('div', '');
  list.setAttribute('role', 'group');
  list.setAttribute('aria-label', title);
  list.append(element('p', title, 'suggest__title'));
  for (const entry of entries) item(list, `${box.childElementCount}-${list.childElementCount}`, entry.url, (link) => build(link, entry));
  box.append(list);
}

function productLink(link, product) {
  if (product.image_url) {
    const image = new Image(52, 60);
    image.src = product.image_url;
    image.alt = '';
    link.append(image);
  }
  const text = element('span', '');
  text.append(element('b', product.title));
  if (product.vendor) text.append(element('small', product.vendor));
  link.append(text, element('span', product.price_formatted, 'price'));
}

for (const form of $$('[data-predictive]')) {
  const input = $('input[type=search]', form);
  const box = form.parentElement.querySelector('[data-suggest]');
  const state = { controller: null, timer: 0, at: -1 };
  box.setAttribute('role', 'listbox');
  box.setAttribute('aria-label', strings.queries);
  for (const [name, value] of [['role', 'combobox'], ['aria-expanded', 'false'], ['aria-controls', box.id], ['aria-autocomplete', 'list']]) input.setAttribute(name, value);

  const show = (open) => {
    box.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    state.at = -1;
    input.removeAttribute('aria-activedescendant');
  };

  const ask = async () => {
    const words = input.value.trim();
    state.controller?.abort();
    if (words.length < 2) return show(false);
    state.controller = new AbortController();
    try {
      const answer = await fetch(`${routes.suggest}?${new URLSearchParams({ q: words, limit: '6' })}`, { headers: { accept: 'application/json' }, signal: state.controller.signal });
      if (!answer.ok) return show(false);
      const found = await answer.json();
      box.replaceChildren();
      group(box, strings.queries, found.queries, (link, entry) => link.append(element('span', entry.text)));
      group(box, strings.products, found.products, productLink);
      group(box, strings.collections, [...found.collections, ...(found.pages ?? [])], (link, entry) => link.append(element('span', entry.title)));
      if (!box.childElementCount) box.append(element('p', strings.none, 'muted'));
      else item(box, 'all', `${routes.search}?${new URLSearchParams({ q: words })}`, (link) => link.append(element('b', strings.seeAll)));
      show(true);
    } catch (error) {
      if (error.name !== 'AbortError') show(false);
    }
  };

  input.addEventListener('input', () => { clearTimeout(state.timer); state.timer = setTimeout(ask, 160); });
  input.addEventListener('keydown', (event) => {
    const options = $$('[role=option]', box);
    if (event.key === 'Escape' && !box.hidden) { event.preventDefault(); return show(false); }
    if (event.key === 'Enter' && state.at >= 0) { event.preventDefault(); return location.assign(options[state.at].href); }
    if (!['ArrowDown', 'ArrowUp'].includes(event.key) || box.hidden || !options.length) return;
    event.preventDefault();
    options[state.at]?.setAttribute('aria-selected', 'false');
    const step = event.key === 'ArrowDown' ? 1 : -1;
    state.at = (Math.max(state.at + step, step - 1) + options.length) % options.length;
    options[state.at].setAttribute('aria-selected', 'true');
    options[state.at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', options[state.at].id);
  });
}

loadCount();
// A page restored from the back/forward cache may show an old count.
addEventListener('pageshow', (event) => { if (event.persisted) loadCount(); });
