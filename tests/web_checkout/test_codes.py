"""Discount codes on the pages of cart and checkout, without a script."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from souk.discounts.models import Discount
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.payments.gift_cards.issue import NewCard, issue_card
from tests.factories.discounts import make_discount
from tests.fixtures.stores import Store
from tests.web_checkout.test_pages import HERE, Buyer

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(autouse=True)
def codes(store: Store) -> None:
    """Two bowls at 19.99 cost 39.98 before anything else."""
    with transaction(store.scope) as session:
        session.execute(update(Discount).values(status="disabled"))


def test_a_code_is_entered_shown_paid_and_told_on_the_order(store: Store) -> None:
    with transaction(store.scope) as session:
        make_discount(session, "HALF", "50")
    buyer = Buyer(store)

    entered = buyer.send("update", discount_code="half").get_data(as_text=True)
    paid = buyer.pay()

    assert MINUS + "$19.99" in entered
    assert 'value="HALF"' in entered
    order = buyer.get(paid.headers["Location"]).get_data(as_text=True)
    assert "HALF" in order
    assert MINUS + "$19.99" in order


def test_a_refused_code_says_why_and_keeps_what_was_typed(store: Store) -> None:
    with transaction(store.scope) as session:
        make_discount(session, "BIG", rules={"minimum": {"subtotal": 100_000}})
        write_setting(session, "shop", {**read_setting(session, "shop"), "locale": "de"})
    buyer = Buyer(store)
    try:
        refused = buyer.send("update", discount_code="big", note="Klingeln").get_data(as_text=True)
        unknown = buyer.send("update", discount_code="NOPE", note="Klingeln").get_data(as_text=True)
        later = buyer.get().get_data(as_text=True)
    finally:
        with transaction(store.scope) as session:
            write_setting(session, "shop", {**read_setting(session, "shop"), "locale": "en"})

    assert "Für den Code BIG ist die Bestellung zu klein" in refused
    assert 'value="big"' in refused
    assert "Den Code NOPE gibt es nicht" in unknown
    assert "Klingeln" in later
    assert "BIG" not in later


def test_a_code_left_in_the_field_changes_the_total_before_it_is_paid(store: Store) -> None:
    with transaction(store.scope) as session:
        make_discount(session, "TEN")
    buyer = Buyer(store)

    surprised = buyer.pay(discount_code="TEN")

    assert surprised.status_code == 409
    assert MINUS + "$4.00" in surprised.get_data(as_text=True)


def test_a_code_that_stops_to_count_is_told_and_can_be_taken_off(store: Store) -> None:
    with transaction(store.scope) as session:
        discount_id = make_discount(session, "GONE")
    buyer = Buyer(store)
    buyer.send("update", discount_code="GONE")
    with transaction(store.scope) as session:
        session.execute(update(Discount).where(Discount.id == discount_id).values(status="disabled"))

    told = buyer.get().get_data(as_text=True)
    removed = buyer.send("update", remove_code="GONE").get_data(as_text=True)

    assert "The code GONE is no longer valid" in told
    assert "GONE" not in removed


def test_the_cart_takes_a_code_and_gives_it_back(store: Store) -> None:
    with transaction(store.scope) as session:
        make_discount(session, "CART", "25")
    buyer = Buyer(store)

    def update_cart(**values: str) -> None:
        buyer.client.post("/cart/update", base_url=buyer.base, data=values, headers=HERE)

    update_cart(discount="cart")
    entered = buyer.client.get("/cart.json", base_url=buyer.base).json
    page = buyer.get("/cart").get_data(as_text=True)
    wrong = buyer.client.post("/cart/update", base_url=buyer.base, data={"discount": "NOPE"}, headers=HERE)
    update_cart(remove_discount="CART")
    taken_off = buyer.client.get("/cart.json", base_url=buyer.base).json

    assert entered is not None
    assert taken_off is not None
    assert (entered["subtotal"], entered["total"]) == (3_998, 2_998)
    assert [(row["code"], row["amount"]) for row in entered["discounts"]] == [("CART", 1_000)]
    assert MINUS + "$10.00" in page
    assert "The code NOPE does not exist" in wrong.get_data(as_text=True)
    assert (taken_off["total"], taken_off["discounts"]) == (3_998, [])


def test_a_gift_card_pays_and_tells_what_is_left(store: Store) -> None:
    with transaction(store.scope) as session:
        card = NewCard(amount=1_000, currency="USD", recipient={})
        made = issue_card(session, card, "staff:1")
    assert made is not None
    buyer = Buyer(store)

    entered = buyer.send("update", discount_code=made[1]).get_data(as_text=True)
    paid = buyer.pay()
    order = buyer.get(paid.headers["Location"]).get_data(as_text=True)

    # 49.48 in all.
    assert MINUS + "$10.00" in entered
    assert "$39.48" in entered
    assert MINUS + "$10.00" in order
    left = buyer.client.post("/gift-card", base_url=buyer.base, data={"code": made[1]}, headers=HERE)
    wrong = buyer.client.post("/gift-card", base_url=buyer.base, data={"code": "NOPE"}, headers=HERE)
    assert "$0.00 is left" in left.get_data(as_text=True)
    assert (wrong.status_code, "cannot be used" in wrong.get_data(as_text=True)) == (422, True)
