"""A discount code and a gift card in the checkout: refused with the reason, taken, taken off, right to the penny."""

from __future__ import annotations

import json
import re
import urllib.request
from uuid import uuid4

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.buying import DESKTOP, PHONE, fill_in, order_name, pay, put_in_cart
from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
# A mug at 24.00 and ground at 7.95, each with the 8.875 % of New York rounded for itself, in cents.
PLAIN = {"Subtotal": 2_400, "Shipping": 795, "Tax": 284, "Total": 3_479}
# 10 % off, and the tax on what is left; the card pays 10.00 of it.
REDUCED = {"Subtotal": 2_400, "Welcome": -240, "Shipping": 795, "Tax": 263, "Total": 3_218}
PAID = {**REDUCED, "Gift card": -1_000, "To pay": 2_218}


def _gift_card(world: World) -> str:
    """Issue a card of 10.00 as an app does, and return its code."""
    request = urllib.request.Request(world.demo.url("/api/v1/admin/gift_cards"), b'{"amount": 10}')
    token = world.demo.facts["shops"][0]["admin_api_token"]
    for name, value in {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}.items():
        request.add_header(name, value)
    request.add_header("Host", f"ember.localhost:{world.demo.port}")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(json.loads(answer.read())["code"])


def _sums(page: Page, where: str) -> dict[str, int]:
    """Return label -> cents of a summary, the label without what stands small beside it."""
    found = {}
    for row in page.locator(f"{where} .sums > div").all():
        label = row.locator("dt").evaluate("dt => dt.firstChild.textContent.trim()")
        digits = re.search(r"([\u2212-]?)\$([\d,]+)\.(\d\d)", row.locator("dd").inner_text())
        assert digits is not None, label
        sign = -1 if digits[1] else 1
        found[str(label)] = sign * int(digits[2].replace(",", "") + digits[3])
    return found


def _enter(page: Page, code: str) -> None:
    page.fill("[name=discount_code]", code)
    with page.expect_navigation():
        page.get_by_role("button", name="Apply").click()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_codes_are_refused_taken_and_right_to_the_penny(world: World, viewport: ViewportSize) -> None:
    card = _gift_card(world)
    with world.watched(viewport, allowed=422) as page:
        put_in_cart(world, page, "ember", "hearth-mug")
        fill_in(world, page, "ember", f"thrifty-{uuid4().hex[:8]}@example.com")
        expect(page.locator("button[value=pay]")).to_be_visible()
        assert _sums(page, "#summary") == PLAIN

        for wrong, reason in (("NOSUCHCODE", "NOSUCHCODE"), ("VIP15", "certain customers")):
            _enter(page, wrong)
            expect(page.locator("#discount_code-error")).to_contain_text(reason)
            assert _sums(page, "#summary") == PLAIN
        _enter(page, "welcome10")
        expect(page.locator("#summary")).to_contain_text("WELCOME10")
        assert _sums(page, "#summary") == REDUCED
        page.get_by_role("button", name="Remove WELCOME10").click()
        expect(page.locator("#summary")).not_to_contain_text("WELCOME10")
        assert _sums(page, "#summary") == PLAIN

        _enter(page, "WELCOME10")
        _enter(page, card)
        expect(page.locator("#summary")).to_contain_text(card[-4:])
        assert _sums(page, "#summary") == PAID
        page.get_by_role("button", name=f"Remove {card[-4:]}").click()
        expect(page.locator("#summary")).not_to_contain_text("Gift card …")
        assert _sums(page, "#summary") == REDUCED

        _enter(page, card)
        expect(page.locator("button[value=pay]")).to_contain_text("$22.18")
        pay(page)
        order_name(page)

        assert _sums(page, ".right") == PAID
