"""Every page of a demo shop, of its dashboard and its editor, for tests that look at all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.buying import PASSWORD, fill_in, pay, put_in_cart
from tests.browser.conftest import World
from tests.lighthouse.dress import souk

GUEST_PAGES = ("/account/sign-in", "/account/register", "/account/forgot")
PLAIN_PAGES = (
    "/", "/collections", "/search?q=a", "/search?q=zzqqxx", "/cart", "/blog", "/pages/about", "/contact",
    "/quick-order", "/newsletter", "/nowhere", "/gift-card", "/orders/find",
)  # fmt: skip
OWN_PAGES = ("/account", "/account/profile", "/account/addresses", "/account/addresses/new")


@contextmanager
def wearing(world: World, slug: str, handle: str) -> Iterator[None]:
    """Show a built-in theme on the shop, and afterwards what it showed before."""
    souk(world.demo.home, "theme", "add", slug, handle, "--publish")
    yield
    souk(world.demo.home, "theme", "publish", slug, "1")


def shopper(world: World, page: Page, slug: str, email: str) -> str:
    """Register, buy something and put another piece into the cart; returns the address of the order."""
    page.goto(f"{world.origin(slug)}/account/register")
    for name, value in {"name": "Ada Buyer", "email": email, "password": PASSWORD}.items():
        page.fill(f"[name={name}]", value)
    page.press("[name=password]", "Enter")
    page.wait_for_url(re.compile("/account$"))
    put_in_cart(world, page, slug)
    fill_in(world, page, slug, email)
    pay(page)
    page.wait_for_url(re.compile("/orders/"))
    order = page.url
    put_in_cart(world, page, slug)
    return order


def found_pages(world: World, page: Page, slug: str) -> list[str]:
    """Return a collection, a product and an article that the shop links to."""
    paths = []
    for start, link in (("/collections", "main a[href*='/collections/']"), ("/blog", ".post a")):
        page.goto(world.origin(slug) + start)
        paths.append(page.locator(link).first.get_attribute("href") or "")
    return [*paths, f"/products/{world.product(slug)}"]


def opened(page: Page, control: str, shown: str) -> None:
    page.locator(control).first.click()
    expect(page.locator(shown).first).to_be_visible()


@contextmanager
def speaking(world: World, page: Page, slug: str, language: str) -> Iterator[None]:
    """Let the shop be read in one more language; `page` is signed in to the dashboard."""
    _settings(world, page, slug)
    page.check(f"[name=locales][value={language}]")
    page.locator("form.card").first.get_by_role("button", name="Save").click()
    yield
    _settings(world, page, slug)
    page.uncheck(f"[name=locales][value={language}]")
    page.locator("form.card").first.get_by_role("button", name="Save").click()


@contextmanager
def locked(world: World, page: Page, slug: str) -> Iterator[None]:
    """Lock the storefront with a password; `page` is signed in to the dashboard."""
    _settings(world, page, slug)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Lock the shop").click()
    yield
    _settings(world, page, slug)
    page.get_by_role("button", name="Open the shop").click()
    expect(page.get_by_role("button", name="Lock the shop")).to_be_visible()


def _settings(world: World, page: Page, slug: str) -> None:
    page.goto(f"http://{world.demo.facts['admin']['host']}:{world.demo.port}/shops/{slug}/settings")
