"""A buyer without an account finds an order, and an order is bought once more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text, update

from souk.cart.models import CartLine
from souk.catalog.models import Product
from souk.inventory.adjust import set_on_hand
from souk.inventory.models import InventoryLevel
from souk.kernel.db import transaction
from souk.kernel.tenancy import pod_scope
from souk.orders.fulfill import fulfill_order
from souk.orders.models import Order, OrderLine
from souk.orders.refund import refund_order
from souk.orders.returning.request import ReturnLine, request_return
from tests.fixtures.stores import ADDRESS, Store
from tests.web_checkout.test_saved_methods import base, pay

EMAIL = "ada@example.com"


def bought(store: Store, *titles: str, quantity: int = 1) -> str:
    """Return the secret of the order of a guest."""
    client = store.client()
    for title in titles:
        client.post("/cart/add", data={"id": store.variants[title][0], "quantity": quantity}, base_url=base(store))
    path = client.post("/checkout", base_url=base(store)).location
    told = {**ADDRESS, "email": EMAIL, "do": "continue"}
    client.post(path, data=told, base_url=base(store))
    return pay(store, client, path).rpartition("/")[2]


def asked_for(store: Store) -> list[Any]:
    with transaction(pod_scope("default"), read_only=True) as session:
        found = text("SELECT subject_id FROM pod.outbox WHERE name = 'order.link_requested' AND tenant_id = :tenant")
        return list(session.execute(found, {"tenant": store.scope.tenant_id}).scalars())


def order_of(store: Store, token: str) -> tuple[int, str]:
    with transaction(store.scope, read_only=True) as session:
        row = session.execute(select(Order.id, Order.name).where(Order.token == token)).one()
    return row.id, row.name


def test_only_the_mail_says_whether_there_is_such_an_order(store: Store, other_store: Store) -> None:
    order_id, name = order_of(store, bought(store, "Oak Bowl"))
    answers = []
    for shop, number, email in (
        (store, name, EMAIL),
        (store, name.removeprefix("#"), EMAIL.upper()),
        (store, name, "somebody@else.example"),
        (store, "#999999", EMAIL),
        (store, "9" * 40, EMAIL),
        (other_store, name, EMAIL),
    ):
        sent = shop.client().post("/orders/find", data={"number": number, "email": email}, base_url=base(shop))
        answers.append((sent.status_code, "Look into your mail" in sent.text, name in sent.text))

    assert answers == [(200, True, False)] * 6
    assert (asked_for(store), asked_for(other_store)) == ([order_id, order_id], [])


def test_searches_for_one_address_are_limited(store: Store) -> None:
    form = {"number": "#1", "email": "limited@example.com"}
    codes = [store.client().post("/orders/find", data=form, base_url=base(store)).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]


def test_an_order_is_bought_again_as_far_as_it_is_sold(store: Store) -> None:
    token, client = bought(store, "Oak Bowl", "Linen Shirt"), store.client()

    again = client.post(f"/orders/{token}/again", base_url=base(store))
    assert (again.status_code, again.location) == (303, "/cart")
    assert sorted(held(store)) == sorted((store.variants[title][0], 1) for title in ("Oak Bowl", "Linen Shirt"))

    with transaction(store.scope) as session:
        session.execute(update(Product).where(Product.title == "Linen Shirt").values(status="archived"))
    try:
        other = store.client()
        page = other.get(other.post(f"/orders/{token}/again", base_url=base(store)).location, base_url=base(store)).text
        assert "Linen Shirt: not sold at the moment" in page
        assert "Oak Bowl: " not in page
        assert held(store)[-1:] == [(store.variants["Oak Bowl"][0], 1)]
    finally:
        with transaction(store.scope) as session:
            session.execute(update(Product).where(Product.title == "Linen Shirt").values(status="active"))


def test_what_is_scarce_is_put_in_as_far_as_it_is_there(store: Store, other_store: Store) -> None:
    bowl = store.variants["Oak Bowl"][0]
    token, client = bought(store, "Oak Bowl", quantity=3), store.client()
    on_hand = select(InventoryLevel.on_hand, InventoryLevel.committed).where(InventoryLevel.variant_id == bowl)
    with transaction(store.scope, read_only=True) as session:
        before, promised = session.execute(on_hand).one()

    def shelve(units: int) -> None:
        with transaction(store.scope) as session:
            set_on_hand(session, bowl, None, units, "correction", "staff:1")

    shelve(promised + 2)
    try:
        page = client.get(client.post(f"/orders/{token}/again", base_url=base(store)).location, base_url=base(store))
        assert "Oak Bowl: fewer than last time, as many as there are" in page.text
        assert held(store) == [(bowl, 2)]
        full = client.post(f"/orders/{token}/again", base_url=base(store)).location
        assert "Oak Bowl: not sold at the moment" in client.get(full, base_url=base(store)).text
        assert held(store) == [(bowl, 2)]
        elsewhere = other_store.client().post(f"/orders/{token}/again", base_url=base(other_store))
        assert (elsewhere.status_code, held(other_store)) == (404, [])
    finally:
        shelve(before)


def test_the_page_of_an_order_tells_what_comes_back_and_what_went_back(store: Store) -> None:
    token = bought(store, "Oak Bowl")
    order_id, _ = order_of(store, token)
    with transaction(store.scope) as session:
        fulfill_order(session, order_id)
        line_id = session.execute(select(OrderLine.id).where(OrderLine.order_id == order_id)).scalar_one()
        request_return(session, order_id, [ReturnLine(line_id, 1)], actor="staff:1")
    refund_order(store.scope, order_id, 500, [], "late", "staff:1", token)

    page = store.client().get(f"/orders/{token}", base_url=base(store)).text

    assert ("Return approved" in page, "Oak Bowl" in page.partition('id="returns"')[2]) == (True, True)
    assert ("Refunded" in page, "$5.00" in page) == (True, True)


def held(store: Store) -> list[tuple[int, int]]:
    """Return (variant, units) of the newest cart."""
    newest = select(CartLine.cart_id).order_by(CartLine.cart_id.desc()).limit(1).scalar_subquery()
    with transaction(store.scope, read_only=True) as session:
        lines = select(CartLine.variant_id, CartLine.quantity).where(CartLine.cart_id == newest)
        return [(row.variant_id, row.quantity) for row in session.execute(lines.order_by(CartLine.id))]
