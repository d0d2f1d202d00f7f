// Products looked at before, remembered in this browser only.
const KEY = 'souk-recent';
const box = document.querySelector('[data-recent]');
const read = () => { try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return []; } };

async function card(handle) {
  const answer = await fetch(`${box.dataset.root.replace(/\/$/, '')}/products/${encodeURIComponent(handle)}?sections=recent-card`);
  return answer.ok ? new DOMParser().parseFromString((await answer.json())['recent-card'] ?? '', 'text/html').querySelector('li') : null;
}

if (box) {
  const here = box.dataset.productHandle;
  const before = read().filter((handle) => handle !== here);
  if (here) { try { localStorage.setItem(KEY, JSON.stringify([here, ...before].slice(0, 12))); } catch { /* private mode */ } }
  const cards = await Promise.all(before.slice(0, Number(box.dataset.limit)).map((handle) => card(handle).catch(() => null)));
  box.querySelector('[data-recent-list]').append(...cards.filter(Boolean));
  box.hidden = !cards.some(Boolean);
}
