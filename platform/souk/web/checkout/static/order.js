// Looks for news of an open order every ten seconds while the page is seen; the "Refresh" link does the same.
const EVERY = 10_000;

async function refresh() {
  const status = document.getElementById("status");
  if (!status?.hasAttribute("data-open")) return;
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("status");
      if (answer.ok && fresh && fresh.innerHTML !== status.innerHTML) status.replaceWith(document.adoptNode(fresh));
    } catch {
      // Offline: the next turn tries again.
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
