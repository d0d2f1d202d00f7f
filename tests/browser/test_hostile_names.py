"""Names of 300 letters, with and without a place to break, in both directions: no page grows wider than a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.buying import PHONE
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.themes_builtin.catalog import theme
from tests.themes_builtin.hostile import texts
from tests.themes_builtin.test_hostile_shop import EVERY, LONG, RIGHT_TO_LEFT, UNBROKEN, rendered

pytestmark = pytest.mark.browser
_LINK = re.compile(r'<link rel="stylesheet" href="[^"]*/([^"/]+)">|<script type="module"[^>]*></script>')
_WIDER = """() => { const wide = document.documentElement.clientWidth;
  const cut = ["auto", "scroll", "hidden", "clip"];
  const scrolls = it => it && it !== document.body
    && (cut.includes(getComputedStyle(it).overflowX) || scrolls(it.parentElement));
  return [...document.querySelectorAll("main *, header *, footer *")].filter(it => {
    const box = it.getBoundingClientRect();
    return box.width && (box.right > wide + 1 || box.left < -1) && !scrolls(it.parentElement)
      && !it.closest("[popover], dialog, .visually-hidden, .skip-link"); })
    .slice(0, 4).map(it => `${it.tagName}.${it.getAttribute("class")}`); }"""


@pytest.fixture(scope="module")
def phone(playwright: Playwright) -> Iterator[Page]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser.new_page(viewport=PHONE)
    browser.close()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("look", ["Bazaar", "Ledger"])
def test_no_page_grows_wider_than_a_phone(phone: Page, look: str, direction: str) -> None:
    sheets = {name: asset.content.decode() for name, asset in theme(look)._made.assets.items() if name.endswith(".css")}
    wide: dict[str, list[str]] = {}
    for template in EVERY:
        html = rendered(template, look, texts([UNBROKEN, LONG, RIGHT_TO_LEFT]), direction=direction)
        phone.set_content(_LINK.sub(lambda link: f"<style>{sheets[link[1]]}</style>" if link[1] else "", html))
        over = phone.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = phone.evaluate(_WIDER)
        if over > 0 or found:
            wide[template] = [f"{over} px", *found]

    assert wide == {}
