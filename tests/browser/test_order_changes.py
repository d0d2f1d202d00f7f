"""What happens to an order after it was placed, on a phone and on a desktop: edit, refund, return with exchange."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from cli.demo.ember import EMBER
from tests.browser.buying import DESKTOP, PHONE, fill_in, open_order, order_name, pay, put_in_cart
from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
# Of every variant there is enough for all of these orders.
PLENTY = next(one.handle for one in EMBER.products if all(variant.stock >= 20 for variant in one.variants))
BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


def bought(world: World, page: Page) -> str:
    """Buy one thing as a guest; the page is that of the order afterwards."""
    put_in_cart(world, page, "ember", PLENTY)
    fill_in(world, page, "ember", "guest@example.com")
    pay(page)
    return order_name(page)


def press(staff: Page, name: str) -> None:
    """Press a button that sends its form, and see the page that answers."""
    with staff.expect_navigation():
        staff.get_by_role("button", name=name, exact=True).first.click()


def unfold(staff: Page, heading: str) -> None:
    staff.locator("summary", has_text=heading).click()


@BOTH
def test_an_edit_is_previewed_confirmed_and_only_its_difference_paid(world: World, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page, world.watched(viewport) as staff:
        name = bought(world, page)
        open_order(world, staff, "ember", name)
        press(staff, "Edit the items")
        staff.get_by_label(re.compile("^Quantity of ")).first.fill("2")
        press(staff, "Update the preview")
        owed = staff.locator(".notice", has_text="The customer owes").inner_text()
        press(staff, "Confirm the edit")
        difference = re.search(r"\$[\d,.]+\d", owed)
        assert difference is not None, owed
        expect(staff.locator("dt", has_text="Left to pay")).to_have_count(1)

        page.reload()
        page.get_by_role("button", name=f"Pay {difference[0]}").click()
        page.wait_for_url(re.compile("/checkout/"))
        page.locator("label", has=page.locator("[name=payment_provider][value=test_gateway]")).click()
        page.click("button[value=pay]")
        assert order_name(page) == name

        staff.reload()
        expect(staff.locator("dt", has_text="Left to pay")).to_have_count(0)
        expect(staff.locator("h1")).to_contain_text("Paid")


@BOTH
def test_a_part_is_refunded_once(world: World, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page, world.watched(viewport) as staff:
        name = bought(world, page)
        open_order(world, staff, "ember", name)
        unfold(staff, "Refund")
        form = staff.locator("form", has=staff.get_by_role("button", name="Refund", exact=True))
        form.locator("[name=amount]").fill("5")
        form.locator("[name=reason]").fill("Scratched")
        form.locator("[name=confirm]").check()
        press(staff, "Refund")

        expect(staff.locator("h1")).to_contain_text("Partially refunded")
        expect(staff.locator("dl.sums", has_text="Refunded").first).to_contain_text("\u2212$5.00")
        page.reload()
        expect(page.locator("main")).to_contain_text("Refund")


@BOTH
def test_goods_come_back_and_others_go_out(world: World, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page, world.watched(viewport) as staff:
        name = bought(world, page)
        open_order(world, staff, "ember", name)
        press(staff, "Mark as shipped")
        unfold(staff, "Return, exchange or claim")
        form = staff.locator("form", has=staff.get_by_role("button", name="Note the return"))
        form.locator("[name=kind]").select_option("exchange")
        form.locator("[name^='return-']").first.fill("1")
        form.locator("[name=replacement]").select_option(index=1)
        press(staff, "Note the return")
        press(staff, "The goods are here")
        press(staff, "Settle")

        expect(staff.locator("[id^='return-']")).to_contain_text("Closed")
        # The same thing goes out again: no money moves, and it waits to be sent.
        expect(staff.get_by_role("button", name="Mark as shipped")).to_have_count(1)
        expect(staff.locator("dt", has_text="Left to pay")).to_have_count(0)
