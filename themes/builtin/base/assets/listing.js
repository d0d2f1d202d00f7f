// Filters, order and pages of a listing without reloading the page; the form and the links work without it.
const listing = document.querySelector('[data-listing]');
const form = document.getElementById('facets-form');
const section = listing?.dataset.section;
let controller;

function addressOf() {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== '');
  const query = new URLSearchParams(pairs).toString();
  return query ? `${form.getAttribute('action')}?${query}` : form.getAttribute('action');
}

function keepFacets(fresh) {
  const body = form.querySelector('[data-facets-body]');
  const next = fresh.querySelector('[data-facets-body]');
  if (!body || !next) return;
  for (const facet of next.querySelectorAll('[data-facet]')) {
    const old = body.querySelector(`[data-facet="${CSS.escape(facet.dataset.facet)}"]`);
    if (old) facet.open = old.open;
  }
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  const { name, value } = focused ?? {};
  body.replaceWith(next);
  if (!name) return;
  const same = [...next.querySelectorAll('input')].filter((input) => input.name === name);
  (same.find((input) => input.value === value) ?? same[0])?.focus({ preventScroll: true });
}

async function go(url, { push = true, top = false } = {}) {
  controller?.abort();
  controller = new AbortController();
  listing.classList.add('is-loading');
  try {
    const address = new URL(url, location.href);
    const ask = new URL(address);
    ask.searchParams.set('sections', section);
    const answer = await fetch(ask, { headers: { accept: 'application/json' }, signal: controller.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = (await answer.json())[section];
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    const results = fresh.querySelector('[data-results]');
    if (!results) throw new Error('no results');
    keepFacets(fresh);
    form.querySelector('.facets__foot')?.replaceWith(fresh.querySelector('.facets__foot') ?? '');
    const sorted = document.activeElement?.id === 'sort-by';
    listing.querySelector('[data-results]').replaceWith(results);
    if (sorted) document.getElementById('sort-by')?.focus();
    if (push) history.pushState({}, '', address);
    if (top) listing.scrollIntoView();
  } catch (error) {
    if (error.name !== 'AbortError') location.assign(url);
    return;
  }
  listing.classList.remove('is-loading');
}

if (listing && form) {
  document.addEventListener('change', (event) => { if (event.target.form === form) go(addressOf()); });
  form.addEventListener('submit', (event) => { event.preventDefault(); go(addressOf()); });
  listing.addEventListener('click', (event) => {
    const link = event.target.closest('[data-facet-link], .pagination a');
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    if (link.matches('[data-facet-link]')) for (const input of form.querySelectorAll('input:not([type=hidden])')) input.checked = false;
    go(link.href, { top: link.matches('.pagination a') });
  });
  const asked = form.querySelector('[name=q]')?.value;
  if (asked) listing.addEventListener('click', (event) => { if (event.target.closest('.card__title a, .row__title')) navigator.sendBeacon?.('/search/clicks', new URLSearchParams({ q: asked })); });
  addEventListener('popstate', () => go(location.href, { push: false }));
}
