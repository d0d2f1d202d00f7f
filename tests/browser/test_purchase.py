"""People buy on both demo shops, on a phone and on a desktop, and the dashboard ships the orders."""

from __future__ import annotations

import re
import time
from email import message_from_string, policy
from urllib.parse import unquote_plus
from uuid import uuid4

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from tests.browser.buying import DESKTOP, PASSWORD, PHONE, fill_in, open_order, order_name, pay, put_in_cart
from tests.browser.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
WORKER_SECONDS = 60
EVERYWHERE = pytest.mark.parametrize(
    ("slug", "viewport"), [("ember", DESKTOP), ("ember", PHONE), ("lumen", DESKTOP), ("lumen", PHONE)]
)


def _ship(world: World, viewport: ViewportSize, slug: str, name: str) -> None:
    """Fulfill the order in the dashboard; lumen's worker does it by itself."""
    with world.watched(viewport) as staff:
        open_order(world, staff, slug, name)
        ship = staff.get_by_role("button", name="Mark as shipped")
        if slug == "lumen":
            for _ in range(WORKER_SECONDS):
                if not ship.count():
                    break
                staff.wait_for_timeout(1_000)
                staff.reload()
        else:
            staff.locator("form", has=ship).locator("[name=tracking_number]").fill("TRACK-123")
            ship.click()
        expect(staff.locator("h1")).to_contain_text(re.compile("fulfilled", re.IGNORECASE))


@EVERYWHERE
def test_a_guest_buys_and_the_dashboard_ships(world: World, slug: str, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page:
        put_in_cart(world, page, slug)
        page.goto(f"{world.origin(slug)}/cart")
        fill_in(world, page, slug, "guest@example.com")
        pay(page)
        name = order_name(page)
        page.reload()
        page.go_back()
        # The old form is not shown again: it leads to the order that stands.
        assert order_name(page) == name

        _ship(world, viewport, slug, name)
        page.reload()

        expect(page.locator("h1")).to_contain_text("on its way")
        expect(page.locator(".tracking")).to_be_visible()


@EVERYWHERE
def test_a_customer_registers_buys_and_finds_the_order(world: World, slug: str, viewport: ViewportSize) -> None:
    email = f"ada-{uuid4().hex[:8]}@example.com"
    with world.watched(viewport) as page:
        page.goto(f"{world.origin(slug)}/account/register")
        for name, value in {"name": "Ada Buyer", "email": email, "password": PASSWORD}.items():
            page.fill(f"[name={name}]", value)
        page.get_by_role("button", name="Create the account").click()
        page.wait_for_url(re.compile("/account$"))
        put_in_cart(world, page, slug)
        fill_in(world, page, slug, email)
        pay(page)
        order = order_name(page)

        page.goto(f"{world.origin(slug)}/account")
        expect(page.locator("main")).to_contain_text(order)
        for path in ("/account/addresses", "/account/addresses/new", "/account/profile"):
            page.goto(world.origin(slug) + path)

    _ship(world, viewport, slug, order)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_a_guest_picks_the_order_up(world: World, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page:
        put_in_cart(world, page, "ember")
        page.goto(f"{world.origin('ember')}/checkout")
        page.locator("label", has_text="Pick it up in store").click()
        expect(page.locator("[name=pickup_code]")).to_be_checked()
        for name, value in {"email": "collects@example.com", "name": "Ada Buyer"}.items():
            page.fill(f"[name={name}]", value)
        page.locator("[name=phone]").focus()
        page.locator("label", has=page.locator("[name=payment_provider][value=test_gateway]")).click()
        page.click("button[value=pay]")
        name = order_name(page)
        expect(page.locator("#pickup")).to_contain_text("18 Mill Street")

        with world.watched(viewport) as staff:
            open_order(world, staff, "ember", name)
            staff.get_by_role("button", name="Ready for pick-up").click()
            expect(staff.locator("h1")).to_contain_text("In progress")
            page.reload()
            expect(page.locator("h1")).to_contain_text("lies ready")
            staff.get_by_role("button", name="Mark as picked up").click()
            expect(staff.locator("h1")).to_contain_text("Fulfilled")
        page.reload()

        expect(page.locator("h1")).to_contain_text("Picked up")
        expect(page.locator(".parcel")).to_have_count(0)


@pytest.mark.parametrize(("slug", "viewport"), [("ember", PHONE), ("lumen", DESKTOP)])
def test_extra_authentication_leads_to_the_order(world: World, slug: str, viewport: ViewportSize) -> None:
    with world.watched(viewport) as page:
        put_in_cart(world, page, slug)
        fill_in(world, page, slug, "careful@example.com")
        pay(page, "tok_requires_action")
        page.get_by_role("button", name="Approve").click()

        assert order_name(page).startswith("#")


def test_a_declined_payment_keeps_what_was_typed_and_can_be_tried_again(world: World) -> None:
    with world.watched(DESKTOP, allowed=402) as page:
        put_in_cart(world, page, "ember")
        fill_in(world, page, "ember", "declined@example.com")
        pay(page, "tok_declined")

        expect(page.get_by_role("alert")).to_contain_text("The payment did not go through")
        assert page.input_value("[name=line1]") == "1 Main Street"
        pay(page)
        assert order_name(page).startswith("#")


def test_what_is_chosen_while_the_prices_are_on_their_way_stays_chosen(world: World) -> None:
    held: list[Route] = []
    with world.watched(DESKTOP, allowed=402) as page:
        put_in_cart(world, page, "ember")
        fill_in(world, page, "ember", "quick@example.com")
        expect(page.locator("[name=shipping_code]").first).to_be_attached()
        expect(page.locator("#summary:not([aria-busy])")).to_be_attached()
        page.route("**/checkout/*", lambda route: held.append(route))  # noqa: PLW0108 - the driver marks what it is given
        with page.expect_request("**/checkout/*"):
            page.fill("[name=line1]", "2 Main Street")
            page.locator("[name=phone]").focus()
        while not held:
            page.wait_for_timeout(20)
        page.locator("label", has=page.locator("[name=payment_provider][value=test_gateway]")).click()
        page.select_option("[name=payment_token]", "tok_declined")
        for route in held:
            route.continue_()
        page.unroute("**/checkout/*")
        expect(page.locator("#summary:not([aria-busy])")).to_be_attached()

        # On a busy machine one for what was filled in before may still have been on its way.
        assert sum("2 Main Street" in unquote_plus(route.request.post_data or "") for route in held) == 1
        expect(page.locator("[name=payment_token]")).to_have_value("tok_declined")
        page.click("button[value=pay]")
        expect(page.get_by_role("alert")).to_contain_text("The payment did not go through")


def test_what_is_missing_is_told_at_its_field(world: World) -> None:
    with world.watched(PHONE, allowed=422) as page:
        put_in_cart(world, page, "ember")
        fill_in(world, page, "ember", "missing@example.com")
        page.fill("[name=city]", "")
        page.locator("[name=phone]").focus()
        page.click("button[value=continue]")

        expect(page.locator("#city")).to_be_focused()
        expect(page.locator("#city-error")).to_have_text("Enter the city.")
        page.fill("[name=city]", "New York")
        expect(page.locator("#city-error")).to_have_count(0)
        page.locator("[name=phone]").focus()
        expect(page.locator("button[value=pay]")).to_be_visible()


def test_a_note_in_the_drawer_outlives_a_changed_quantity(world: World) -> None:
    with world.watched(PHONE) as page:
        page.goto(f"{world.origin('ember')}/products/enamel-camp-mug")
        page.locator("form[action*='/cart/add'] button[type=submit]").first.click()
        drawer = page.locator("#cart-drawer")
        drawer.locator("details", has=page.locator("[data-note]")).locator("summary").click()
        drawer.locator("[data-note]").fill("Ring twice")
        drawer.locator("[data-step='1']").click()

        expect(drawer.locator("[data-line]")).to_have_value("2")
        expect(drawer.locator("[data-note]")).to_have_value("Ring twice")
        page.goto(f"{world.origin('ember')}/cart")
        expect(page.locator("#cart-note")).to_have_value("Ring twice")


@pytest.mark.parametrize("slug", ["ember", "lumen"])
def test_a_guest_buys_without_javascript(world: World, slug: str) -> None:
    with world.watched(PHONE, javascript=False) as page:
        page.goto(f"{world.origin(slug)}/products/{world.product(slug)}")
        page.locator("form[action*='/cart/add'] button[type=submit]").first.click()
        page.wait_for_url(re.compile("/cart$"))
        fill_in(world, page, slug, "plain@example.com")
        page.click("button[value=continue]")
        pay(page)

        assert order_name(page).startswith("#")


def test_a_forgotten_password_is_set_by_mail(world: World) -> None:
    origin, email = world.origin("lumen"), f"forgetful-{uuid4().hex[:8]}@example.com"
    with world.watched(PHONE) as page:
        page.goto(f"{origin}/account/register")
        for name, value in {"name": "Ada", "email": email, "password": PASSWORD}.items():
            page.fill(f"[name={name}]", value)
        page.locator("main button").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Forgot the password?").click()
        page.fill("[name=email]", email)
        page.locator("main button").click()
        expect(page.locator("h1")).to_have_text("Look into your mail")

        page.goto(_link_in_mail(world, email))
        page.fill("[name=password]", "another long secret")
        page.locator("main button").click()
        page.wait_for_url(re.compile("/account$"))

        expect(page.locator("h1")).to_contain_text("Ada")


def _link_in_mail(world: World, recipient: str) -> str:
    """Wait for the worker to write the mail, and return its link on this demo's port."""
    for _ in range(200):
        for text in world.mails():
            mail = message_from_string(text, policy=policy.default)
            body = mail.get_body(("plain",))
            found = re.search(r"http://[^\s]+/account/reset/\S+", body.get_content() if body else "")
            if found and mail["To"] == recipient:
                return found[0]
        time.sleep(0.1)
    raise AssertionError(f"No mail with a link came to {recipient}.")
