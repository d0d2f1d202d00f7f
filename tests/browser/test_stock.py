"""A merchant keeps stock: an edit in place, a location, a transfer that arrives, a count with a scanner."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect
from werkzeug.serving import make_server

from souk.app import create_app
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from souk.staff.create import create_staff
from souk.staff.memberships import add_membership, shops_of
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.watching import Watch
from tests.inventory.stocking import variant

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WINDOWS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
}
EMAIL, PASSWORD = "stock@dashboard.example", "long enough"


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of somebody who is signed in to a shop with two variants, SKU MUG-1 and POT-1."""

    page: Page
    shop: str

    def open(self, path: str) -> None:
        self.page.goto(f"{self.shop}/{path}")

    def press(self, name: str, said: str) -> None:
        self.page.get_by_role("button", name=name).last.click()
        expect(self.page.locator("[role=status]")).to_contain_text(said)

    def look(self, name: str) -> None:
        """Nothing may be wider than the window; SOUK_SCREENSHOTS names a folder for pictures of the pages."""
        width = int(self.page.evaluate("innerWidth"))
        assert self.page.evaluate("document.scrollingElement.scrollWidth") <= width, name
        if folder := os.environ.get("SOUK_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.fixture(scope="module")
def dashboard(shop: TenantScope) -> Iterator[str]:
    """Serve the application and return the address of the shop in its dashboard."""
    variant(shop, 40, title="Stoneware mug", sku="MUG-1")
    variant(shop, 2, title="Teapot", sku="POT-1")
    with transaction(control_scope()) as session:
        staff_id = create_staff(session, EMAIL, "Stock", PASSWORD)
        add_membership(session, staff_id, shop.tenant_id, "owner")
        slug = shops_of(session, staff_id)[0].slug
    server = make_server("127.0.0.1", 0, create_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://admin.souk.test:{server.server_port}/shops/{slug}"
    server.shutdown()
    thread.join()


@pytest.fixture(params=WINDOWS)
def desk(request: pytest.FixtureRequest, dashboard: str, playwright: Playwright) -> Iterator[Desk]:
    # As *.localhost is by itself: without it the browser complains of headers that only TLS makes work.
    secure = f"--unsafely-treat-insecure-origin-as-secure={dashboard.partition('/shops/')[0]}"
    flags = [*FLAGS, "--host-resolver-rules=MAP *.souk.test 127.0.0.1", secure]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    watch = Watch(allowed={0})
    page = watch.on(browser.new_context(viewport=WINDOWS[request.param]).new_page())
    page.set_default_timeout(20_000)
    page.goto(dashboard)
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"{dashboard}**")
    yield Desk(page, dashboard)
    browser.close()
    assert watch.found == []


def test_stock_is_edited_sent_and_counted(desk: Desk) -> None:
    place = f"Cellar {desk.page.evaluate('innerWidth')}"
    _edit_in_place(desk)
    _make_location(desk, place)
    _send(desk, place)
    _count(desk, place)
    _adjust(desk, place)


def _edit_in_place(desk: Desk) -> None:
    desk.open("stock?q=mug-1")
    row = desk.page.locator("tbody tr", has_text="Main")
    row.locator("input[name=quantity]").fill("32")
    row.get_by_role("button", name="Save").click()
    expect(desk.page.locator("[role=status]")).to_contain_text("The count is saved.")
    desk.open("stock")
    desk.look("levels")


def _make_location(desk: Desk, place: str) -> None:
    desk.open("locations")
    desk.page.get_by_label("Name of the new location").fill(place)
    desk.press("Add", "The location is made.")
    desk.look("locations")


def _send(desk: Desk, place: str) -> None:
    desk.open("transfers/new")
    desk.page.locator("[name=origin_id]").select_option(label="Main")
    desk.page.locator("[name=destination_id]").select_option(label=place)
    desk.page.get_by_label("What is sent").fill("mug-1, 10")
    desk.look("new-transfer")
    desk.press("Send", "The goods are on their way.")
    desk.page.locator("input[name^=v-]").fill("5")
    desk.look("transfer")
    desk.press("Take in", "What arrived is in stock.")
    desk.open("transfers")
    expect(desk.page.locator("tbody tr").first).to_contain_text("5 of 10")
    desk.look("transfers")


def _count(desk: Desk, place: str) -> None:
    desk.open("counts")
    desk.page.locator("[name=location_id]").select_option(label=place)
    desk.press("Begin", "Scan or enter")
    for number in (1, 2, 3):
        # A scanner types the code and presses Enter in the field that has the focus.
        expect(desk.page.locator("[name=code]")).to_be_focused()
        desk.page.keyboard.type("MUG-1")
        desk.page.keyboard.press("Enter")
        expect(desk.page.locator("[role=status]")).to_contain_text(f"MUG-1: {number}")
    expect(desk.page.locator("td[data-label=Difference]")).to_have_text("-2")
    desk.look("count")
    desk.press("Apply the count", "one variant differed")
    desk.open("counts")
    desk.look("counts")


def _adjust(desk: Desk, place: str) -> None:
    desk.open("stock?q=mug-1")
    desk.page.get_by_role("link", name="Stoneware mug").first.click()
    expect(desk.page.locator("tbody")).to_contain_text("Transfer")
    desk.page.get_by_label(f"Units at {place}").fill("1")
    desk.page.get_by_label("Reason").last.select_option("damaged")
    desk.press("Adjust", "The stock is adjusted.")
    expect(desk.page.locator("tbody")).to_contain_text("Damaged")
    desk.look("variant")
