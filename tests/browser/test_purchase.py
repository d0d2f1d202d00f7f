"""A person buys on both demo shops, on a phone and on a desktop, and the dashboard ships the order."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.benchmarks.running import Demo, demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
CHROMIUM = "/usr/bin/chromium"
# The second line keeps the browser from calling its maker, which a closed network answers slowly.
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
ADDRESS = {
    "ember": {"line1": "1 Main Street", "postal_code": "10001", "city": "New York", "state": "NY"},
    "lumen": {"line1": "Lange Straße 1", "postal_code": "10115", "city": "Berlin", "state": ""},
}


@dataclass(frozen=True, slots=True)
class World:
    """The running demo and one browser."""

    demo: Demo
    browser: Browser

    def origin(self, slug: str) -> str:
        return f"http://{slug}.localhost:{self.demo.port}"

    def page(self, viewport: ViewportSize, *, javascript: bool = True) -> Page:
        context = self.browser.new_context(viewport=viewport, java_script_enabled=javascript)
        page: Page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    def product(self, slug: str) -> str:
        """Return the handle of a product that can be bought."""
        request = urllib.request.Request(self.demo.url("/api/v1/products/search?in_stock=true&limit=1"))
        request.add_header("Host", f"{slug}.localhost:{self.demo.port}")
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = loads(answer.read())
        return str(found["products"][0]["handle"])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    assert Path(CHROMIUM).exists(), "The browser tests need chromium: sudo apt-get install chromium"
    with demo(tmp_path_factory.mktemp("demo")) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield World(running, browser)
        browser.close()


def _put_in_cart(world: World, page: Page, slug: str) -> None:
    page.goto(f"{world.origin(slug)}/products/{world.product(slug)}")
    with page.expect_response(re.compile("/cart/add")):
        page.locator("form[action*='/cart/add'] button[type=submit]").first.click()


def _fill_in(world: World, page: Page, slug: str, email: str) -> None:
    page.goto(f"{world.origin(slug)}/checkout")
    for name, value in {"email": email, "name": "Ada Buyer", **ADDRESS[slug]}.items():
        page.fill(f"[name={name}]", value)
    page.click("button[value=update]")
    expect(page.locator("[name=payment_provider]").first).to_be_attached()
    expect(page.locator("[name=shipping_code]").first).to_be_attached()


def _pay(page: Page, token: str = "tok_approved") -> None:
    page.locator("label", has=page.locator("[name=payment_provider][value=test_gateway]")).click()
    page.select_option("[name=payment_token]", token)
    page.click("button[value=pay]")


def _order_name(page: Page) -> str:
    page.wait_for_url(re.compile("/orders/"))
    found = re.search(r"#\d{4,}", page.inner_text("main"))
    assert found is not None
    return found[0]


@pytest.mark.parametrize(("slug", "viewport"), [("ember", DESKTOP), ("lumen", PHONE)])
def test_a_guest_buys_and_the_dashboard_ships(world: World, slug: str, viewport: ViewportSize) -> None:
    page = world.page(viewport)
    _put_in_cart(world, page, slug)
    _fill_in(world, page, slug, "guest@example.com")
    _pay(page)
    name = _order_name(page)
    order_page = page.url

    staff = world.page(viewport)
    admin = world.demo.facts["admin"]
    staff.goto(f"http://{admin['host']}:{world.demo.port}/")
    staff.fill("[name=email]", admin["email"])
    staff.fill("[name=password]", admin["password"])
    staff.click("button.main")
    staff.wait_for_load_state()
    staff.goto(f"http://{admin['host']}:{world.demo.port}/shops/{slug}/orders")
    staff.get_by_role("link", name=name).first.click()
    expect(staff.locator("h1")).to_contain_text(name)
    if staff.locator("[name=tracking_number]").count():
        staff.fill("[name=tracking_number]", "TRACK-123")
        staff.get_by_role("button", name="Mark as shipped").click()
    expect(staff.locator("h1")).to_contain_text(re.compile("fulfilled", re.IGNORECASE))

    page.goto(order_page)
    expect(page.locator("main")).to_contain_text(re.compile("shipped|on its way|sent", re.IGNORECASE))


@pytest.mark.parametrize(("slug", "viewport"), [("lumen", DESKTOP), ("ember", PHONE)])
def test_a_customer_registers_buys_and_finds_the_order(world: World, slug: str, viewport: ViewportSize) -> None:
    page = world.page(viewport)
    page.goto(f"{world.origin(slug)}/account/register")
    page.fill("[name=name]", "Ada Buyer")
    page.fill("[name=email]", f"ada-{viewport['width']}@example.com")
    page.fill("[name=password]", "correct horse battery")
    page.get_by_role("button", name="Create the account").click()
    page.wait_for_url(re.compile("/account$"))
    _put_in_cart(world, page, slug)
    _fill_in(world, page, slug, f"ada-{viewport['width']}@example.com")
    _pay(page)
    name = _order_name(page)

    page.goto(f"{world.origin(slug)}/account")

    expect(page.locator("main")).to_contain_text(name)


def test_a_declined_payment_keeps_what_was_typed_and_can_be_tried_again(world: World) -> None:
    page = world.page(DESKTOP)
    _put_in_cart(world, page, "ember")
    _fill_in(world, page, "ember", "declined@example.com")
    _pay(page, "tok_declined")

    expect(page.get_by_role("alert")).to_contain_text("The payment did not go through")
    assert page.input_value("[name=line1]") == "1 Main Street"
    _pay(page)
    assert _order_name(page).startswith("#")


def test_a_guest_buys_without_javascript(world: World) -> None:
    page = world.page(PHONE, javascript=False)
    page.goto(f"{world.origin('ember')}/products/{world.product('ember')}")
    page.locator("form[action*='/cart/add'] button[type=submit]").first.click()
    page.wait_for_url(re.compile("/cart$"))
    _fill_in(world, page, "ember", "plain@example.com")
    _pay(page)

    assert _order_name(page).startswith("#")
