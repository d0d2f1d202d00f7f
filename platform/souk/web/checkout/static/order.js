// Looks for news of an open order every ten seconds while the page is seen; the "Refresh" link does the same.
const EVERY = 10_000;
document.documentElement.classList.add("js");

async function refresh() {
  const status = document.getElementById("status");
  if (!status?.hasAttribute("data-open")) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const html = await answer.text();
      // The head of the answer carries another nonce than this page.
      const fresh = new DOMParser().parseFromString(html.slice(html.indexOf("<body")), "text/html").getElementById("status");
      if (answer.ok && fresh && fresh.innerHTML !== status.innerHTML) status.replaceWith(document.adoptNode(fresh));
    } catch {
      // Offline: the next turn tries again.
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
