"""The pages of gift cards and store credit, for those who may and those who may not."""

from __future__ import annotations

import re

from sqlalchemy import insert, select

from souk.catalog.gift_card import is_gift_card
from souk.catalog.models import Variant
from souk.customers.models import Customer
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.payments.gift_cards.plan import find_card
from souk.payments.gift_cards.queries import credit_of, list_cards, read_card
from tests.factories.catalog import make_product
from tests.web_dashboard.conftest import SignedIn


def test_a_card_is_issued_shown_once_adjusted_and_stopped(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger, viewer = signed_in(shop, "owner"), signed_in(other_shop, "owner"), signed_in(shop, "viewer")

    issued = owner.post("~/gift-cards", {"amount": "25.00", "note": "for the fair"})
    code = re.search(r"<code>([-A-Z0-9]{19})</code>", issued.text)
    assert code is not None
    with transaction(shop) as session:
        card_id = find_card(session, code[1]).id
    path = f"~/gift-cards/{card_id}"
    pages = [one.get("~/gift-cards").text for one in (owner, stranger)]
    owner.post(path, {"do": "adjust", "amount": "-5.50", "note": "typo"})
    too_much = owner.post(path, {"do": "adjust", "amount": "-500", "note": "typo"})
    owner.post(path, {"do": "disable"})

    assert [code[1][-4:] in text for text in pages] == [True, False]
    assert code[1] not in pages[0]
    assert (too_much.status_code, "Less than this is left" in too_much.text) == (422, True)
    with transaction(shop) as session:
        card = read_card(session, card_id)
    assert (card.balance, card.status) == (1_950, "disabled")
    assert "typo" in owner.get(path).text
    assert viewer.get(path).status_code == 200
    for method, target in (("POST", "~/gift-cards"), ("POST", path)):
        assert (method, viewer.post(target, {"amount": "1", "do": "enable"}).status_code) == (method, 403)
    assert stranger.get(path).status_code == 404
    assert owner.post("~/gift-cards", {"amount": "0"}).status_code == 422
    with transaction(shop) as session:
        assert (list_cards(session)[1], read_card(session, card_id).status) == (1, "disabled")


def test_credit_is_given_on_the_customers_page_and_a_product_becomes_a_card(
    shop: TenantScope, signed_in: SignedIn
) -> None:
    owner = signed_in(shop, "owner")
    with transaction(shop) as session:
        row = insert(Customer).values(email="credit@example.com").returning(Customer.id)
        customer_id = session.execute(row).scalar_one()
        variant_id = make_product(session, "Voucher", stock=None)[0]
        product_id = session.execute(select(Variant.product_id).where(Variant.id == variant_id)).scalar_one()

    owner.post(f"~/customers/{customer_id}/credit", {"amount": "12,50", "note": "late parcel"})
    owner.post(f"~/products/{product_id}/gift-card", {"gift_card": "yes"})

    assert "$12.50" in owner.get(f"~/customers/{customer_id}").text
    assert "Sell it as a thing again" in owner.get(f"~/products/{product_id}").text
    with transaction(shop) as session:
        assert credit_of(session, customer_id).balance == 1_250
        assert is_gift_card(session, product_id)
