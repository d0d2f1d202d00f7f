"""A guest buys through the pages, without a script."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.inventory.locations import list_locations
from souk.inventory.pickup import PickupTerms, end_pickup, offer_pickup
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.orders.documents.issue import issue_invoice
from souk.orders.models import Order, OrderDocument, OrderLine
from souk.shipping.models import ShippingZone
from souk.tax.delete_rate import delete_rate
from souk.tax.save_rate import TaxRateDraft, save_rate
from tests.fixtures.stores import ADDRESS, Store

HERE = {"Sec-Fetch-Site": "same-origin"}


class Buyer:
    """A browser with a cart of two bowls, at its checkout."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.base = f"http://{store.host}"
        with transaction(store.scope) as session:
            cart = create_cart(session, "USD")
            add_line(session, cart.token, store.variants["Oak Bowl"][0], 2)
        self.client: FlaskClient = store.client()
        self.client.set_cookie("souk_cart", cart.token, domain=store.host)
        self.path = self.client.get("/checkout", base_url=self.base).headers["Location"]

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(path or self.path, base_url=self.base)

    def send(self, do: str, path: str = "", **values: str) -> TestResponse:
        form = {"email": "ada@example.com", "note": "Ring twice", "do": do, **ADDRESS, **values}
        return self.client.post(path or self.path, base_url=self.base, data=form, headers=HERE)

    def pay(self, address: Mapping[str, str] = ADDRESS, **values: str) -> TestResponse:
        self.send("update", payment_provider="test_gateway", **address)
        shown = re.search(r'name="shown_total" value="(\d+)"', self.get().get_data(as_text=True))
        assert shown is not None
        choice = {"payment_provider": "test_gateway", "payment_token": "tok_approved", "shown_total": shown[1]}
        return self.send("pay", **choice | dict(address) | values)


def test_a_guest_buys_and_sees_the_order(store: Store) -> None:
    buyer = Buyer(store)

    paid = buyer.pay()
    page = buyer.get(paid.headers["Location"])

    html = page.get_data(as_text=True)
    assert (paid.status_code, page.status_code) == (303, 200)
    assert paid.headers["Location"].startswith("/orders/")
    assert "$49.48" in html
    assert "Order placed" in html
    assert "Payment received" in html


def test_the_page_shows_tax_shipping_and_total(store: Store) -> None:
    buyer = Buyer(store)
    buyer.send("update", payment_provider="test_gateway")

    html = buyer.get().get_data(as_text=True)

    assert [amount in html for amount in ("$39.98", "$5.00", "$4.50", "Pay $49.48")] == [True] * 4


def test_a_business_of_another_member_state_pays_no_vat(store: Store) -> None:
    """Reverse charge from the page to the order: the tax comes off the price, and the number stays with the order."""
    with transaction(store.scope) as session:
        shop, rate_id = read_setting(session, "shop"), save_rate(session, TaxRateDraft("DE", "MwSt.", "19"))
        write_setting(session, "shop", shop | {"country": "DE", "prices_include_tax": True})
        write_setting(session, "tax", {"vat_number": "DE136695976"})
    buyer, vienna = Buyer(store), {"country": "AT", "postal_code": "1010", "city": "Wien", "state": ""}

    refused = buyer.send("continue", **vienna, tax_number="ATU13585628").get_data(as_text=True)
    company = vienna | {"company": "Kontor AG", "tax_number": "ATU13585627"}
    offered = buyer.send("update", **company).get_data(as_text=True)
    page = buyer.pay(company)
    said = buyer.get(page.headers["Location"]).get_data(as_text=True)

    with transaction(store.scope) as session:
        order = session.execute(select(Order).order_by(Order.id.desc()).limit(1)).scalar_one()
        line = session.execute(select(OrderLine).where(OrderLine.order_id == order.id)).scalar_one()
        issue_invoice(session, order.id, "staff")
        paper = session.execute(select(OrderDocument.snapshot).where(OrderDocument.order_id == order.id)).scalar_one()
        write_setting(session, "shop", shop)
        write_setting(session, "tax", {})
        delete_rate(session, rate_id)
    # The 5.00 for sending contain 0.80, in the offer as in the order.
    assert (order.shipping_total, "<b>$4.20</b>" in offered) == (420, True)
    assert ["the recipient owes it" in html for html in (offered, said)] == [True, True]
    assert (paper["relief"], paper["bill_to"]["tax_number"]) == ("reverse_charge", "ATU13585627")
    assert "with its country, such as DE136695976" in refused
    assert page.status_code == 303
    # 19.99 contain 3.19 of tax.
    assert (line.unit_price, line.tax_total, order.included_tax_total) == (1_680, 0, 0)
    assert (order.total, order.billing_address["tax_number"]) == (2 * 1_680 + order.shipping_total, "ATU13585627")
    assert line.price_trace[:2] == [
        {"step": "base", "amount": 1_999},
        {"step": "relief", "reason": "reverse_charge", "amount": 1_680},
    ]


def test_a_whole_address_that_nothing_ships_to_is_told_at_once(store: Store) -> None:
    buyer = Buyer(store)
    asked = buyer.send("update", line1="").get_data(as_text=True)
    with transaction(store.scope) as session:
        session.execute(update(ShippingZone).values(countries=["DE"]))
    told = buyer.send("update").get_data(as_text=True)
    with transaction(store.scope) as session:
        session.execute(update(ShippingZone).values(countries=["*"]))

    assert "Nothing ships to this address" in told
    assert "Nothing ships to this address" not in asked


def test_a_decline_keeps_what_was_typed(store: Store) -> None:
    buyer, before = Buyer(store), (store.orders(), store.stock(store.variants["Oak Bowl"][0]))

    page = buyer.pay(payment_token="tok_declined")

    html = page.get_data(as_text=True)
    assert page.status_code == 402
    assert "The payment did not go through" in html
    assert [f'value="{value}"' in html for value in ("ada@example.com", "Ada Byron", "1 Analytical Row")] == [True] * 3
    assert "Ring twice" in html
    assert (store.orders(), store.stock(store.variants["Oak Bowl"][0])) == before


def test_a_changed_total_is_told_and_not_charged(store: Store) -> None:
    buyer, before = Buyer(store), store.orders()

    page = buyer.pay(shown_total="100")

    html = page.get_data(as_text=True)
    assert page.status_code == 409
    assert "It was $1.00 and is $49.48 now" in html
    assert store.orders() == before


@pytest.mark.parametrize(("outcome", "orders"), [("approve", 1), ("decline", 0)])
def test_extra_authentication_decides(store: Store, outcome: str, orders: int) -> None:
    buyer, before = Buyer(store), store.orders()

    asked = buyer.pay(payment_token="tok_requires_action")
    question = buyer.get(asked.headers["Location"])
    buyer.client.post(asked.headers["Location"], base_url=buyer.base, data={"outcome": outcome}, headers=HERE)

    assert asked.headers["Location"] == f"{buyer.path}/authenticate"
    assert "Confirm this payment" in question.get_data(as_text=True)
    assert store.orders() == before + orders


def test_an_incomplete_address_is_named_at_its_field(store: Store) -> None:
    buyer, before = Buyer(store), store.orders()

    page = buyer.pay(city="")

    assert page.status_code == 422
    assert 'id="city-error"' in page.get_data(as_text=True)
    assert store.orders() == before


def test_a_card_number_is_refused_and_not_shown_again(store: Store) -> None:
    buyer = Buyer(store)

    page = buyer.send("update", note="4111 1111 1111 1111")

    assert page.status_code == 422
    assert "4111" not in page.get_data(as_text=True)


def test_a_provider_that_settles_at_once_is_chosen_first(store: Store) -> None:
    html = Buyer(store).get().get_data(as_text=True)

    chosen = re.findall(r'name="payment_provider" value="([a-z_]+)" data-type="[a-z]+"( checked)?', html)

    assert chosen == [("test_gateway", " checked"), ("manual_payment", "")]


def test_manual_payment_waits_on_the_order_page(store: Store) -> None:
    buyer = Buyer(store)

    html = buyer.get(buyer.pay(payment_provider="manual_payment").headers["Location"]).get_data(as_text=True)

    assert "Payment is open" in html
    assert "Waiting for the payment" in html


def test_a_lost_answer_leads_to_the_order(store: Store) -> None:
    buyer, before = Buyer(store), store.orders()

    paid = buyer.pay(payment_token="tok_lost_answer")

    assert paid.headers["Location"].startswith("/orders/")
    assert store.orders() == before + 1


def test_update_keeps_every_choice(store: Store) -> None:
    buyer = Buyer(store)

    html = buyer.send(
        "update", payment_provider="test_gateway", payment_token="tok_slow", accepts_marketing="yes"
    ).get_data(as_text=True)

    assert 'value="tok_slow" selected' in html
    assert 'name="accepts_marketing" value="yes" checked' in html
    assert 'value="yes" checked' in buyer.get().get_data(as_text=True)


def test_a_guest_may_sign_in_and_come_back(store: Store) -> None:
    buyer = Buyer(store)
    found = re.search(r'Have an account\? <a href="([^"]+)"', buyer.get().get_data(as_text=True))
    assert found is not None

    page = buyer.get(found[1])

    assert page.status_code == 200
    assert found[1].endswith("?next=/checkout")


def test_markup_is_text(store: Store) -> None:
    buyer = Buyer(store)
    buyer.send("update", name='"><script>alert(1)</script>')

    html = buyer.get().get_data(as_text=True)

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_policy_allows_our_own_nonce_only(store: Store) -> None:
    page = Buyer(store).get()

    policy = page.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)
    assert nonce is not None
    assert page.get_data(as_text=True).count(f'nonce="{nonce[1]}"') == 4
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "private, no-store"


def test_settings_brand_the_page(store: Store) -> None:
    with transaction(store.scope) as session:
        write_setting(session, "checkout", {"accent": "#ffee00", "logo_text": "Grove & Co"})

    html = Buyer(store).get().get_data(as_text=True)

    assert "--accent:#ffee00;--on-accent:#000000" in html
    assert "Grove &amp; Co" in html


def test_a_post_from_another_site_is_refused(store: Store) -> None:
    buyer, before = Buyer(store), store.orders()

    answer = buyer.client.post(
        buyer.path, base_url=buyer.base, data={"do": "pay"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert store.orders() == before


def test_another_shop_knows_neither_checkout_nor_order(store: Store, other_store: Store) -> None:
    buyer = Buyer(store)
    order = buyer.pay().headers["Location"]

    answers = [other_store.call("GET", path) for path in (buyer.path, order, f"{buyer.path}/authenticate")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_without_a_cart_there_is_no_checkout(store: Store) -> None:
    answer = store.call("GET", "/checkout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")


def test_the_style_sheet_is_small_and_kept_for_ever(store: Store) -> None:
    buyer = Buyer(store)
    found = re.search(r'href="(/checkout/assets/checkout\.[0-9a-f]{12}\.css)"', buyer.get().get_data(as_text=True))
    assert found is not None

    sheet = buyer.get(found[1])

    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(sheet.get_data()) < 15_000


def test_nobody_can_pay_before_address_and_rate_stand(store: Store) -> None:
    buyer = Buyer(store)

    fresh = buyer.get().get_data(as_text=True)
    went_on = buyer.send("continue", city="", payment_provider="test_gateway")
    ready = buyer.send("continue", payment_provider="test_gateway")

    assert 'value="pay"' not in fresh
    assert went_on.status_code == 422
    assert '<a href="#city">Enter the city.</a>' in went_on.get_data(as_text=True)
    assert 'value="pay"' not in went_on.get_data(as_text=True)
    assert (ready.status_code, 'value="pay"' in ready.get_data(as_text=True)) == (200, True)


def test_the_first_wrong_field_takes_the_keyboard(store: Store) -> None:
    html = Buyer(store).send("continue", line1="", city="").get_data(as_text=True)

    found = re.findall(
        r'id="([a-z0-9_]+)"[^>]* aria-invalid="true" aria-describedby="([a-z0-9_-]+)"( autofocus)?', html
    )

    assert found == [("line1", "line1-error", " autofocus"), ("city", "city-error", "")]


@pytest.mark.parametrize(
    ("country", "names"),
    [
        ("US", ["city", "state", "postal_code"]),
        ("DE", ["postal_code", "city"]),
        ("GB", ["city", "postal_code"]),
        ("IT", ["postal_code", "city", "state"]),
    ],
)
def test_a_country_orders_its_address(store: Store, country: str, names: list[str]) -> None:
    html = Buyer(store).send("update", country=country, state="").get_data(as_text=True)

    place = html.partition('id="place"')[2].partition("</section>")[0]
    assert re.findall(r'data-field="([a-z_]+)"', place)[: len(names)] == names


def test_going_back_or_reloading_after_the_payment_leads_to_the_one_order(store: Store) -> None:
    buyer, before = Buyer(store), store.orders()
    order = buyer.pay().headers["Location"]

    back = buyer.get()
    again = buyer.send("pay", payment_provider="test_gateway", payment_token="tok_approved", shown_total="4948")
    reloaded = buyer.get(order)
    cart = buyer.get("/checkout")

    assert (back.status_code, back.headers["Location"]) == (303, order)
    assert (again.status_code, again.headers["Location"]) == (303, order)
    assert reloaded.status_code == 200
    assert cart.headers["Location"] == "/cart"
    assert store.orders() == before + 1


def test_a_german_shop_speaks_german(store: Store) -> None:
    with transaction(store.scope) as session:
        settings = read_setting(session, "shop")
        write_setting(session, "shop", settings | {"locale": "de-DE"})
    buyer = Buyer(store)

    form = buyer.send("continue", city="").get_data(as_text=True)
    declined = buyer.pay(payment_token="tok_declined").get_data(as_text=True)
    order = buyer.get(buyer.pay().headers["Location"]).get_data(as_text=True)
    with transaction(store.scope) as session:
        write_setting(session, "shop", settings)

    assert '<html lang="de" dir="ltr">' in form
    assert "Bitte geben Sie den Ort ein." in form
    assert "Die Karte wurde abgelehnt" in declined
    assert [text in order for text in ("Vielen Dank, Ada!", "Zahlung erhalten", "49,48\xa0$")] == [True] * 3


def test_a_guest_picks_up_and_reads_where(store: Store, other_store: Store) -> None:
    place = {"line1": "5 Harbor Road", "city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US"}
    with transaction(store.scope) as session:
        main = list_locations(session)[0].id
        offer_pickup(session, main, PickupTerms(0, "Ring <twice>", 48), place)
    nowhere = {"name": "", "line1": "", "city": "", "state": "", "postal_code": ""}
    buyer = Buyer(store)

    offered = buyer.send("update").text
    chosen = buyer.send("update", delivery_method="pickup", **nowhere).text
    nameless = buyer.send("continue", delivery_method="pickup", pickup_code=f"pickup:{main}", **nowhere)
    paid = buyer.pay({**ADDRESS, **nowhere, "name": "Ada"}, delivery_method="pickup", pickup_code=f"pickup:{main}")
    order = buyer.get(paid.headers["Location"]).text
    sent = Buyer(store).send("update", delivery_method="send").text
    with transaction(store.scope) as session:
        end_pickup(session, main)

    assert ("delivery_method" in offered, "5 Harbor Road" in offered) == (True, False)
    assert all(text in chosen for text in ("5 Harbor Road", "Ready within 2 days", "Ring &lt;twice&gt;", "$43.98"))
    assert 'name="shipping_code"' not in chosen
    assert (nameless.status_code, 'id="name-error"' in nameless.text, 'id="line1-error"' in nameless.text) == (
        422, True, False,
    )  # fmt: skip
    assert all(text in order for text in ("Ready for pick-up", "5 Harbor Road", "Ring &lt;twice&gt;", "$43.98"))
    assert "Delivery to" not in order
    assert "Standard" in sent
    for other in (Buyer(other_store), Buyer(store)):
        assert "delivery_method" not in other.send("update").text
