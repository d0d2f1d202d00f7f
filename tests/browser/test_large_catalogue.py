"""A merchant imports 19,406 real products with the command; people browse, search and buy in that shop."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from json import loads
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.buying import DESKTOP, PHONE, order_name, pay
from tests.browser.conftest import World
from tests.catalog.importing.test_run import ICECAT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not ICECAT.exists(), reason="the large catalogue is not on this machine"),
]
SLUG = "volt"
INDEXED_SECONDS = 120
ADDRESS = {"name": "Ada Buyer", "line1": "1 Main Street", "city": "New York", "state": "NY", "postal_code": "10001"}


def souk(world: World, *words: str) -> None:
    """Run a command in the home of the demo, as an operator does in a second terminal."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SOUK_", "DATABASE_", "REDIS_"))}
    command = [str(Path(sys.executable).parent / "souk"), *words]
    subprocess.run(command, env=clean | {"SOUK_HOME": str(world.demo.home)}, check=True, capture_output=True)


@pytest.fixture(scope="module")
def shop(world: World) -> str:
    """The address of the shop with the large catalogue, whose products can be found."""
    souk(world, "tenant", "create", SLUG, "--name", "Volt & Byte", "--currency", "USD")
    souk(world, "import", "products", SLUG, str(ICECAT))
    deadline = time.monotonic() + INDEXED_SECONDS
    while found(world) < 19_000 and time.monotonic() < deadline:
        time.sleep(1)
    return world.origin(SLUG)


def found(world: World) -> int:
    request = urllib.request.Request(world.demo.url("/api/v1/products/search?limit=1"))
    request.add_header("Host", f"{SLUG}.localhost:{world.demo.port}")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return int(loads(answer.read())["total"])


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_guest_browses_searches_and_buys(world: World, shop: str, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page:
        page.goto(f"{shop}/")
        expect(page.locator(".card").first).to_be_visible()
        page.goto(f"{shop}/collections/all?sort_by=price-ascending&filter.brand=HP&filter.available=1")
        expect(page.locator(".card")).to_have_count(24)
        page.goto(f"{shop}/search?q=laptop&filter.available=1")
        page.locator(".card a").first.click()
        _buy(page, shop)

        assert order_name(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def _buy(page: Page, shop: str) -> None:
    with page.expect_response(re.compile("/cart/add")):
        page.locator("form[action*='/cart/add'] button[type=submit]").first.click()
    page.goto(f"{shop}/checkout")
    for name, value in {"email": "guest@example.com", **ADDRESS}.items():
        box = page.locator(f"[name={name}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    page.locator("[name=phone]").focus()
    pay(page)
