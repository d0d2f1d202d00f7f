"""`souk theme dev` in a browser: a saved style sheet and a saved section show without loading the page anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, Playwright, expect
from werkzeug.serving import make_server

from cli.theme.local import LocalTheme
from cli.theme.server import Site
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.themes.small import SECTION, small_theme

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, content in small_theme().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


@pytest.fixture
def page(folder: Path, playwright: Playwright) -> Iterator[Page]:
    """A page of the theme that remembers whether it was loaded anew."""
    local = LocalTheme(folder)
    local.refresh()
    site = Site(local)
    server = make_server("127.0.0.1", 0, site, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    site.watch()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    opened = browser.new_page()
    with opened.expect_request("**/_dev/events?since=*"):
        opened.goto(f"http://127.0.0.1:{server.server_port}/products/oak-bowl")
    opened.evaluate("window.sameLoad = true")
    yield opened
    browser.close()
    site.close()
    server.shutdown()


def test_a_style_sheet_is_swapped_in_place(folder: Path, page: Page) -> None:
    (folder / "assets/theme.css").write_text("body { margin: 0; background: rgb(1, 2, 3) }")

    expect(page.locator("body")).to_have_css("background-color", "rgb(1, 2, 3)", timeout=10_000)
    assert page.evaluate("window.sameLoad") is True


def test_a_section_is_rendered_again_in_place(folder: Path, page: Page) -> None:
    (folder / "sections/main.html").write_text(f"<p id='fresh'>Fresh</p>{SECTION}")

    expect(page.locator("#fresh")).to_have_text("Fresh", timeout=10_000)
    assert page.evaluate("window.sameLoad") is True


def test_a_snippet_loads_the_page_anew(folder: Path, page: Page) -> None:
    (folder / "snippets/card.html").write_text("<b id='fresh'>{{ item.title }}</b>")

    expect(page.locator("#fresh")).to_have_text("Oak Bowl", timeout=10_000)
    assert page.evaluate("window.sameLoad") is None


def test_a_mistake_is_shown_until_it_is_mended(folder: Path, page: Page) -> None:
    (folder / "sections/main.html").write_text("{{ a b }}")
    expect(page.locator("#souk-dev")).to_contain_text("sections/main.html:1", timeout=10_000)

    (folder / "sections/main.html").write_text(SECTION)

    expect(page.locator("#souk-dev")).to_have_count(0, timeout=10_000)
    expect(page.locator("b")).to_have_text("Oak Bowl")
