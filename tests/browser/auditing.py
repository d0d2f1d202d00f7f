"""What a page must be for everybody: no finding of axe-core, valid HTML, nothing wider than the window, no jump."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from tests.browser.buying import DESKTOP, PHONE
from tests.markup import faults

# What the browser itself calls good is 0.1; ours must not be seen at all.
MOST_SHIFT = 0.01
_SHIFT = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(it => { if (!it.hadRecentInput) sum += it.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 60); })"""
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_STILL = """() => { const style = document.createElement("style"), sheet = new CSSStyleSheet();
  sheet.replaceSync("*,::before,::after{transition:none!important;animation:none!important}");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }"""
_DARK = """() => { document.documentElement.classList.add("scheme-dark");
  for (const it of document.querySelectorAll(".scheme-light, .scheme-soft")) {
    it.classList.remove("scheme-light", "scheme-soft"); it.classList.add("scheme-dark"); } }"""


@dataclass
class Audit:
    """`found` are sentences; pages are loaded once and looked at in both widths."""

    page: Page
    found: list[str] = field(default_factory=list)
    axe: Axe = field(default_factory=Axe)

    def visit(self, address: str, *, dark: bool = False) -> None:
        """Open a page on a desktop and look at it there and on a phone."""
        self.page.set_viewport_size(DESKTOP)
        response = self.page.goto(address)
        assert response is not None
        self._source(address, response)
        shift = self.page.evaluate(_SHIFT)
        if shift > MOST_SHIFT:
            self.found.append(f"{address} jumps by {shift:.3f}")
        self.look(address)
        if dark:
            self.page.evaluate(_DARK)
            self.check(f"{address} in the dark", runOnly=["color-contrast"])

    def look(self, where: str) -> None:
        """Look at the page as it is now, at both widths."""
        self.page.evaluate(_STILL)
        for size in (DESKTOP, PHONE):
            self.page.set_viewport_size(size)
            self.check(f"{where} at {size['width']}")

    def check(self, where: str, **options: Any) -> None:
        """Look at the page at the width that it has; `options` are those of axe.run()."""
        wider = self.page.evaluate(_WIDER)
        if wider > 0:
            self.found.append(f"{where} is {wider} px wider than the window")
        for rule in self.axe.run(self.page, options={"resultTypes": ["violations"], **options}).response["violations"]:
            self.found += [f"{where}: {rule['id']}: {node['target']}: {node['html'][:160]}" for node in rule["nodes"]]

    def _source(self, address: str, response: Response) -> None:
        assert response.status < 500, address
        self.found += [f"{address}: {fault}" for fault in faults(response.text())]
