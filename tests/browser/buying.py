"""What a shopper does on the way to an order."""

from __future__ import annotations

import re

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import World

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PASSWORD = "correct horse battery"
ADDRESS = {
    "ember": {"line1": "1 Main Street", "city": "New York", "state": "NY", "postal_code": "10001"},
    "lumen": {"line1": "Lange Straße 1", "postal_code": "10115", "city": "Berlin"},
}


def put_in_cart(world: World, page: Page, slug: str, handle: str = "") -> None:
    """Go by the home page to a product, and add one; without a handle to any that can be bought."""
    page.goto(f"{world.origin(slug)}/")
    page.goto(f"{world.origin(slug)}/products/{handle or world.product(slug)}")
    with page.expect_response(re.compile("/cart/add")):
        page.locator("form[action*='/cart/add'] button[type=submit]").first.click()


def fill_in(world: World, page: Page, slug: str, email: str) -> None:
    """Fill the form of the checkout; with a script the rates and the button to pay come by themselves."""
    page.goto(f"{world.origin(slug)}/checkout")
    expect(page.locator("button[value=pay]")).to_have_count(0)
    for name, value in {"email": email, "name": "Ada Buyer", **ADDRESS[slug]}.items():
        box = page.locator(f"[name={name}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    page.locator("[name=phone]").focus()


def pay(page: Page, token: str = "tok_approved") -> None:
    expect(page.locator("[name=shipping_code]").first).to_be_attached()
    page.locator("label", has=page.locator("[name=payment_provider][value=test_gateway]")).click()
    page.select_option("[name=payment_token]", token)
    page.click("button[value=pay]")


def order_name(page: Page) -> str:
    page.wait_for_url(re.compile("/orders/"))
    found = re.search(r"#\d{4,}", page.inner_text("main"))
    assert found is not None
    return found[0]


def open_order(world: World, staff: Page, slug: str, name: str) -> None:
    """Sign in to the dashboard and look at an order."""
    staff.goto(f"{world.sign_in(staff)}/shops/{slug}/orders")
    staff.get_by_role("link", name=name).first.click()
    expect(staff.locator("h1")).to_contain_text(name)
