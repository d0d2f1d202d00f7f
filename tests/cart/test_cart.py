"""Carts: what is in them, at which price, and never more than there is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from souk.cart.add import add_line
from souk.cart.change import change_line, update_note
from souk.cart.create import create_cart
from souk.cart.errors import BadQuantity, NotForSale, UnknownCart
from souk.cart.read import read_cart
from souk.catalog.models import Variant
from souk.inventory.errors import OutOfStock
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.catalog import make_product


@pytest.fixture
def variant_id(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=5, price=1_000)[0]


@pytest.fixture
def cart(shop: TenantScope) -> str:
    with transaction(shop) as session:
        return create_cart(session, "USD").token


def test_lines_add_up(shop: TenantScope, other_shop: TenantScope, cart: str, variant_id: int) -> None:
    with transaction(shop) as session:
        assert add_line(session, cart, variant_id, 2) == 2
        assert add_line(session, cart, variant_id, 1) == 3
        update_note(session, cart, "Gift")

    with transaction(shop) as session:
        view = read_cart(session, cart)
        assert (view.item_count, view.subtotal, view.note, view.currency) == (3, 3_000, "Gift", "USD")
        assert [(line.title, line.quantity, line.image_key) for line in view.lines] == [("Mug", 3, "")]
    with transaction(other_shop) as session, pytest.raises(UnknownCart):
        read_cart(session, cart)


def test_a_line_is_changed_and_taken_out(shop: TenantScope, cart: str, variant_id: int) -> None:
    with transaction(shop) as session:
        add_line(session, cart, variant_id, 2)
        change_line(session, cart, variant_id, 5)
        assert read_cart(session, cart).item_count == 5

        change_line(session, cart, variant_id, 0)

        assert read_cart(session, cart).lines == []


@pytest.mark.parametrize("quantity", [0, -1, 10_001])
def test_bad_quantities_change_nothing(shop: TenantScope, cart: str, variant_id: int, quantity: int) -> None:
    with pytest.raises(BadQuantity), transaction(shop) as session:
        add_line(session, cart, variant_id, quantity)

    with transaction(shop) as session:
        assert read_cart(session, cart).lines == []


def test_more_than_there_is_cannot_be_added(shop: TenantScope, cart: str, variant_id: int) -> None:
    with transaction(shop) as session:
        add_line(session, cart, variant_id, 4)

    with pytest.raises(OutOfStock) as caught, transaction(shop) as session:
        add_line(session, cart, variant_id, 2)

    assert caught.value.items == [{"variant_id": variant_id, "available": 5}]
    with transaction(shop) as session:
        assert read_cart(session, cart).item_count == 4


def test_drafts_and_unknown_products_are_not_for_sale(shop: TenantScope, cart: str) -> None:
    with transaction(shop) as session:
        (draft,) = make_product(session, status="draft")

    for variant_id in (draft, 999_999_999):
        with pytest.raises(NotForSale), transaction(shop) as session:
            add_line(session, cart, variant_id, 1)


def test_a_changed_price_is_told(shop: TenantScope, cart: str, variant_id: int) -> None:
    with transaction(shop) as session:
        add_line(session, cart, variant_id, 1)
        session.execute(update(Variant).where(Variant.id == variant_id).values(price=1_200))

        (line,) = read_cart(session, cart).lines

    assert (line.unit_price, line.shown_price, line.price_changed) == (1_200, 1_000, True)


def test_an_expired_cart_is_gone(shop: TenantScope, cart: str) -> None:
    with clock.frozen(clock.now() + timedelta(days=31)), pytest.raises(UnknownCart), transaction(shop) as session:
        read_cart(session, cart)
