"""Every page of both built-in themes, the account, the checkout, the dashboard and the editor is for everybody."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.auditing import Audit
from tests.browser.buying import DESKTOP, PHONE
from tests.browser.conftest import World
from tests.browser.walking import (
    GUEST_PAGES,
    OWN_PAGES,
    PLAIN_PAGES,
    found_pages,
    locked,
    opened,
    shopper,
    speaking,
    wearing,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(480)]
DASHBOARD = (
    "", "/orders", "/draft-orders", "/returns", "/products", "/products/new", "/products/1", "/collections/1", "/stock",
    "/customers", "/discounts", "/discounts/new", "/gift-cards", "/pages/1", "/posts/1", "/menus/1", "/reviews",
    "/search", "/search/settings", "/shipping", "/taxes", "/payments", "/plugins", "/settings", "/branding", "/domains",
    "/staff", "/mail", "/imports", "/exports", "/books", "/themes", "/themes/1", "/themes/1/code", "/themes/history",
)  # fmt: skip


def test_every_page_of_bazaar(world: World) -> None:
    _walk(world, "ember")


def test_every_page_of_ledger(world: World) -> None:
    with wearing(world, "lumen", "ledger"):
        _walk(world, "lumen")


def _walk(world: World, slug: str) -> None:
    origin = world.origin(slug)
    context = world.browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page, guest, office = context.new_page(), world.browser.new_page(), world.browser.new_page()
    audit, outside = Audit(page), Audit(guest)
    order = shopper(world, page, slug, f"ada-{uuid4().hex[:8]}@example.com")
    found = found_pages(world, page, slug)
    for path in (*PLAIN_PAGES, *found, *OWN_PAGES, "/checkout"):
        audit.visit(origin + path, dark=path in {"/", *found})
    audit.visit(order)
    _opened(audit, origin, found)
    for path in GUEST_PAGES:
        outside.visit(origin + path)
    world.sign_in(office)
    with speaking(world, office, slug, "ar"):
        for path in ("/", *found, "/checkout"):
            audit.visit(f"{origin}/ar{path}")
    with locked(world, office, slug):
        outside.visit(f"{origin}/password")
    context.close()
    guest.close()
    office.close()
    assert [*audit.found, *outside.found] == []


def _opened(audit: Audit, origin: str, found: list[str]) -> None:
    """Look at what opens on demand: drawer, menus, filters, suggestions and the large picture."""
    page = audit.page
    page.set_viewport_size(DESKTOP)
    page.goto(f"{origin}/")
    opened(page, "[data-nav] > summary", "[data-nav][open] > div")
    audit.check("mega menu")
    page.goto(origin + found[2])
    opened(page, "[data-zoom]", ".zoom")
    audit.check("large picture")
    page.keyboard.press("Escape")
    page.locator("form[action*='/cart/add'] button[type=submit]").first.click()
    expect(page.locator("#cart-drawer [data-line]").first).to_be_visible()
    audit.look("cart drawer")
    page.set_viewport_size(PHONE)
    page.goto(origin + found[0])
    opened(page, ".toolbar__filter", "#facets")
    audit.check("filters")
    page.goto(origin + found[0])
    opened(page, "[popovertarget=menu-panel]", "#menu-panel")
    audit.check("menu")


def test_the_dashboard_and_the_editor(world: World) -> None:
    context = world.browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    audit = Audit(page)
    base = world.sign_in(page)
    for path in DASHBOARD:
        audit.visit(f"{base}/shops/ember{path}")
    page.goto(f"{base}/shops/ember/orders")
    audit.visit(base + (page.locator("tbody a").first.get_attribute("href") or ""))
    page.set_viewport_size(DESKTOP)
    page.goto(f"{base}/shops/ember/themes")
    page.get_by_role("link", name="Customise").first.click()
    expect(page.frame_locator("#frame").locator("[data-section-id]").first).to_be_attached()
    audit.check("editor")
    page.locator("#outline [aria-label=Page] .entry .name").first.click()
    expect(page.locator("[data-setting]").first).to_be_visible()
    audit.look("editor with a chosen section")
    context.close()
    assert audit.found == []
