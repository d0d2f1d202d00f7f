"""People pay with Stripe's fields on our page: a bank asks, a card is declined, and the buyer tries again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, expect
from werkzeug.serving import make_server

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.inventory.locations import list_locations
from souk.inventory.pickup import PickupTerms, end_pickup, offer_pickup
from souk.kernel.config import config
from souk.kernel.db import transaction
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.watching import Watch
from tests.doubles.stripe import StripeDouble, stripe_double
from tests.fixtures.apps import app, store
from tests.fixtures.stores import ADDRESS, Store
from tests.web_checkout.stripe_shop import connect

__all__ = ["app", "store"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
VISA, ASKED, DECLINED = "4242 4242 4242 4242", "4000 0027 6000 3184", "4000 0000 0000 0002"
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDTHS = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])


@dataclass(frozen=True, slots=True)
class Site:
    """A running shop that is connected to a Stripe on this machine, and a browser that finds both."""

    store: Store
    browser: Browser
    double: StripeDouble

    @contextmanager
    def buyer(
        self, viewport: ViewportSize, *, javascript: bool = True, allowed: int = 0, fill: bool = True
    ) -> Iterator[Page]:
        """Open the checkout of a filled cart, address and rate given; at the end nothing may have gone wrong."""
        with transaction(self.store.scope) as session:
            cart = create_cart(session, "USD")
            add_line(session, cart.token, self.store.variants["Oak Bowl"][0], 2)
        origin = config().origin(self.store.host)
        context = self.browser.new_context(viewport=viewport, java_script_enabled=javascript)
        context.add_cookies([{"name": "souk_cart", "value": cart.token, "url": origin}])
        watch = Watch(allowed={allowed})
        page: Page = watch.on(context.new_page())
        page.set_default_timeout(30_000)
        page.goto(f"{origin}/checkout")
        if fill:
            _fill_in(page, javascript=javascript)
        yield page
        context.close()
        # Without TLS a browser tells on every page of a name that is not localhost that it ignores this header.
        assert [one for one in watch.found if "Cross-Origin-Opener-Policy" not in one] == []


@pytest.fixture(scope="module")
def site(app: Flask, store: Store, playwright: Playwright) -> Iterator[Site]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rules = f"--host-resolver-rules=MAP *.souk.test 127.0.0.1:{server.server_port}"
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, rules])
    with stripe_double() as double, pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRIPE_API_BASE", double.url)
        patch.setenv("STRIPE_JS_URL", f"{double.url}/js/v3")
        connect(store)
        yield Site(store, browser, double)
        assert double.refused == []
    browser.close()
    server.shutdown()


def _fill_in(page: Page, *, javascript: bool) -> None:
    for name, value in {"email": "ada@example.com", **ADDRESS}.items():
        box = page.locator(f"[name={name}]")
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        elif value:
            box.fill(value)
    if javascript:
        page.locator("[name=phone]").focus()
    else:
        page.click("button[value=continue]")
    expect(page.locator("button[value=pay]")).to_be_visible()


def _choose_stripe(page: Page) -> None:
    page.locator("label", has=page.locator("[name=payment_provider][value=stripe]")).click()


def _pay(page: Page, number: str) -> None:
    _choose_stripe(page)
    page.frame_locator("iframe[title='Secure payment input frame']").locator("[name=number]").fill(number)
    page.click("button[value=pay]")


def _bank(page: Page, answer: str) -> None:
    page.frame_locator("iframe[title='3D Secure challenge']").get_by_role("button", name=answer).click()


def _order_stands(page: Page) -> None:
    page.wait_for_url("**/orders/*")
    expect(page.locator("main")).to_contain_text("#1")


@WIDTHS
def test_a_bank_asks_the_buyer_confirms_and_the_order_stands(site: Site, viewport: ViewportSize) -> None:
    with site.buyer(viewport) as page:
        _pay(page, ASKED)
        _bank(page, "Complete")

        _order_stands(page)


@WIDTHS
def test_a_declined_card_and_a_failed_challenge_are_told_and_another_card_pays(
    site: Site, viewport: ViewportSize
) -> None:
    with site.buyer(viewport, allowed=402) as page:
        _pay(page, "4242")
        expect(page.get_by_role("alert")).to_have_text("Your card number is incomplete.")

        for number in (DECLINED, ASKED):
            _pay(page, number)
            if number == ASKED:
                _bank(page, "Fail")
            expect(page.get_by_role("alert")).to_contain_text("The payment did not go through")
            assert page.input_value("[name=line1]") == ADDRESS["line1"]

        _pay(page, VISA)
        _order_stands(page)


@pytest.mark.parametrize(
    ("wallet", "viewport"),
    [("Double Pay", PHONE), ("Double Pay", DESKTOP), ("Pay at once with Test card", PHONE)],
    ids=["stripe-phone", "stripe-desktop", "test-phone"],
)
def test_a_wallet_brings_the_address_and_pays_at_once(site: Site, wallet: str, viewport: ViewportSize) -> None:
    with site.buyer(viewport, fill=False) as page:
        expect(page.locator("#express")).to_be_visible()
        page.get_by_role("button", name=wallet).click()

        _order_stands(page)
        expect(page.locator("main")).to_contain_text("Springfield")


@pytest.mark.parametrize("wallet", ["Double Pay", "Pay at once with Test card"], ids=["stripe", "test"])
def test_a_wallet_pays_for_what_is_picked_up(site: Site, wallet: str) -> None:
    with transaction(site.store.scope) as session:
        place = list_locations(session)[0].id
        offer_pickup(session, place, PickupTerms(), {**ADDRESS, "line1": "5 Harbor Road"})
    try:
        with site.buyer(PHONE, fill=False) as page:
            page.locator("label", has=page.locator("[name=delivery_method][value=pickup]")).click()
            expect(page.locator("#pickup_code")).to_contain_text("5 Harbor Road")
            page.get_by_role("button", name=wallet).click()

            _order_stands(page)
            expect(page.locator("#pickup")).to_contain_text("5 Harbor Road")
    finally:
        with transaction(site.store.scope) as session:
            end_pickup(session, place)


def test_without_a_script_the_buyer_pays_on_stripes_page(site: Site) -> None:
    with site.buyer(PHONE, javascript=False) as page:
        _choose_stripe(page)
        page.click("button[value=pay]")
        page.get_by_role("button", name="Pay now").click()

        _order_stands(page)
