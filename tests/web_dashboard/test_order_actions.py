"""Sending, canceling and refunding an order from its page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from souk.checkout.changes import Changes
from souk.checkout.complete import complete_checkout
from souk.checkout.update import update_checkout
from souk.inventory.locations import list_locations
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Fulfillment, Order, OrderEvent, OrderLine, Refund
from tests.factories.catalog import make_product
from tests.factories.commerce import open_for_business, ready_checkout
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn
from tests.web_dashboard.test_dashboard import make_order


@pytest.fixture(scope="module")
def store(platform: None) -> TenantScope:
    scope = make_shop(currency="USD")
    open_for_business(scope)
    return scope


def promised_order(scope: TenantScope) -> int:
    """Return an order over one unit that is paid by another way, later."""
    with transaction(scope) as session:
        variant_id = make_product(session, price=2_000)[0]
    done = complete_checkout(scope, ready_checkout(scope, [(variant_id, 1)]), {"type": "manual"}, None)
    assert done.order_id is not None
    return done.order_id


def facts(scope: TenantScope, order_id: int) -> tuple[Any, ...]:
    """Return (status, fulfillment status, units sent, parcels, refunds)."""
    with transaction(scope, read_only=True) as session:
        order = session.execute(select(Order.status, Order.fulfillment_status).where(Order.id == order_id)).one()
        sent = session.scalar(select(func.sum(OrderLine.fulfilled_quantity)).where(OrderLine.order_id == order_id))
        parcels = session.scalar(select(func.count(Fulfillment.id)).where(Fulfillment.order_id == order_id))
        refunds = session.scalar(select(func.count(Refund.id)).where(Refund.order_id == order_id))
    return (*order, int(sent or 0), parcels, refunds)


def line_of(scope: TenantScope, order_id: int) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(OrderLine.id).where(OrderLine.order_id == order_id)).scalar_one()


def test_an_order_is_sent_in_two_parcels(shop: TenantScope, signed_in: SignedIn) -> None:
    order_id = make_order(shop, 3001)
    packer, line_id = signed_in(shop, "fulfillment"), line_of(shop, order_id)
    parcel = {f"line-{line_id}": "1", "tracking_company": "DHL", "tracking_number": "JD014"}

    first = packer.post(f"~/orders/{order_id}/fulfill", parcel)
    partly = facts(shop, order_id)
    second = packer.post(f"~/orders/{order_id}/fulfill", parcel)

    page = packer.get(f"~/orders/{order_id}").text
    assert (first.status_code, second.status_code) == (303, 303)
    assert partly == ("open", "partially_fulfilled", 1, 1, 0)
    assert facts(shop, order_id) == ("open", "fulfilled", 2, 2, 0)
    assert "JD014" in page
    with transaction(shop, read_only=True) as session:
        actors = set(session.scalars(select(OrderEvent.actor).where(OrderEvent.order_id == order_id)))
    assert len(actors) == 1
    assert actors.pop().startswith("staff:")


def test_a_parcel_is_tracked_and_its_carrier_is_heard(
    store: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    order_id = promised_order(store)
    packer = signed_in(store, "fulfillment")
    packer.post(f"~/orders/{order_id}/fulfill", {f"line-{line_of(store, order_id)}": "1"})
    with transaction(store) as session:
        parcel = session.execute(select(Fulfillment.id).where(Fulfillment.order_id == order_id)).scalar_one()
    path = f"~/orders/{order_id}/parcels/{parcel}"
    form = {"tracking_company": "DHL", "tracking_number": "JD015", "tracking_status": "out_for_delivery"}

    assert signed_in(other_shop, "owner").post(path, form).status_code == 404
    for refused in ({"tracking_status": "lost"}, {"tracking_url": "javascript:alert(1)"}):
        assert packer.post(path, form | refused).status_code == 422
    assert "JD015" not in packer.get(f"~/orders/{order_id}").text
    assert packer.post(path, form).status_code == 303

    page = packer.get(f"~/orders/{order_id}").text
    assert ("JD015" in page, "Out for delivery" in page, "Carrier reported" in page) == (True, True, True)


@pytest.mark.parametrize(
    "change", [{"quantity": "3"}, {"quantity": "0"}, {"quantity": "-1"}, {"tracking_url": "javascript:alert(1)"}]
)
def test_a_bad_parcel_is_refused_and_keeps_what_was_typed(
    shop: TenantScope, signed_in: SignedIn, change: dict[str, str]
) -> None:
    order_id = make_order(shop, 3100 + len(change.get("quantity", "")) + sum(map(ord, str(change))))
    line_id = line_of(shop, order_id)
    typed = {"tracking_number": "KEEP-ME", "quantity": "1"} | change
    typed[f"line-{line_id}"] = typed.pop("quantity")

    answer = signed_in(shop, "owner").post(f"~/orders/{order_id}/fulfill", typed)

    assert answer.status_code in {409, 422}
    assert 'value="KEEP-ME"' in answer.text
    assert facts(shop, order_id) == ("open", "unfulfilled", 0, 0, 0)


def test_an_order_is_canceled_only_when_confirmed(shop: TenantScope, signed_in: SignedIn) -> None:
    order_id, owner = make_order(shop, 3201), signed_in(shop, "owner")

    refused = owner.post(f"~/orders/{order_id}/cancel", {"reason": "customer"})
    before = facts(shop, order_id)
    done = owner.post(f"~/orders/{order_id}/cancel", {"reason": "customer", "confirm": "on", "restock": "on"})

    assert (refused.status_code, done.status_code) == (422, 303)
    assert before[0] == "open"
    assert facts(shop, order_id)[0] == "canceled"


def test_what_was_never_paid_is_not_refunded(shop: TenantScope, signed_in: SignedIn) -> None:
    order_id, owner = make_order(shop, 3301), signed_in(shop, "owner")
    form = {"amount": "5.00", "reason": "broken", "confirm": "on", "key": "one"}

    answer = owner.post(f"~/orders/{order_id}/refund", form)

    assert 400 <= answer.status_code < 500
    assert facts(shop, order_id)[4] == 0


@pytest.mark.parametrize("action", ["fulfill", "cancel", "refund"])
def test_another_shop_and_a_viewer_change_nothing(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn, action: str
) -> None:
    order_id = make_order(shop, 3400 + len(action) + ord(action[0]))
    viewer, stranger, neighbour = (
        signed_in(shop, "viewer"),
        signed_in(other_shop, "owner"),
        signed_in(other_shop, "owner"),
    )
    neighbour.slug = viewer.slug
    form = {f"line-{line_of(shop, order_id)}": "1", "confirm": "on", "reason": "customer", "amount": "1", "key": "k"}

    answers = [
        person.post(f"~/orders/{order_id}/{action}", form).status_code for person in (viewer, stranger, neighbour)
    ]

    assert answers == [403, 404, 404]
    assert facts(shop, order_id) == ("open", "unfulfilled", 0, 0, 0)


def test_manual_money_is_noted_once_and_only_by_those_who_may(store: TenantScope, signed_in: SignedIn) -> None:
    order_id = promised_order(store)
    owner, packer = signed_in(store, "owner"), signed_in(store, "fulfillment")
    assert "Mark as paid" in owner.get(f"~/orders/{order_id}").text
    assert "Mark as paid" not in packer.get(f"~/orders/{order_id}").text

    answers = [
        packer.post(f"~/orders/{order_id}/mark-paid", {"confirm": "on"}).status_code,
        owner.post(f"~/orders/{order_id}/mark-paid").status_code,
        owner.post(f"~/orders/{order_id}/mark-paid", {"confirm": "on"}).status_code,
        owner.post(f"~/orders/{order_id}/mark-paid", {"confirm": "on"}).status_code,
    ]

    assert answers == [403, 422, 303, 409]
    with transaction(store, read_only=True) as session:
        status = session.execute(select(Order.financial_status).where(Order.id == order_id)).scalar_one()
    assert status == "paid"
    assert "Mark as paid" not in owner.get(f"~/orders/{order_id}").text


def test_another_shop_notes_no_money(store: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    order_id = promised_order(store)

    answer = signed_in(other_shop, "owner").post(f"~/orders/{order_id}/mark-paid", {"confirm": "on"})

    assert answer.status_code == 404
    with transaction(store, read_only=True) as session:
        status = session.execute(select(Order.financial_status).where(Order.id == order_id)).scalar_one()
    assert status == "pending"


def test_an_order_is_handed_over_where_it_is_picked_up(
    store: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, packer, stranger = (
        signed_in(store, "owner"),
        signed_in(store, "fulfillment"),
        signed_in(other_shop, "owner"),
    )
    place = {"line1": "5 Harbor Road", "city": "Portland", "state": "OR", "postal_code": "97201", "country": "US"}
    with transaction(store, read_only=True) as session:
        main = list_locations(session)[0].id
    terms = {**place, "offers": "on", "ready_hours": "4", "price": "2,50", "instructions": "Ring twice"}

    refused = owner.post(f"~/locations/{main}/pickup", {**terms, "city": ""})
    offered = owner.post(f"~/locations/{main}/pickup", terms)
    foreign = stranger.post(f"~/locations/{main + 50}/pickup", terms)
    with transaction(store) as session:
        variant_id = make_product(session, price=2_000, stock=3)[0]
    token = ready_checkout(store, [(variant_id, 1)])
    with transaction(store) as session:
        update_checkout(session, token, Changes(shipping_code=f"pickup:{main}"))
    order_id = complete_checkout(store, token, {"type": "manual"}).order_id
    assert order_id is not None
    waits = packer.get(f"~/orders/{order_id}").text
    denied = stranger.post(f"~/orders/{order_id}/collect", {"step": "ready"})
    ready = packer.post(f"~/orders/{order_id}/collect", {"step": "ready"})
    lies = packer.get(f"~/orders/{order_id}").text
    again = packer.post(f"~/orders/{order_id}/collect", {"step": "ready"})
    done = packer.post(f"~/orders/{order_id}/collect", {"step": "picked_up"})

    assert (refused.status_code, offered.status_code, foreign.status_code) == (422, 303, 404)
    assert "Complete the address" in refused.text
    assert "Ring twice" in owner.get(f"~/locations/{main}/pickup").text
    assert "$2.50" in owner.get("~/locations").text
    assert all(text in waits for text in ("Picks up at", "5 Harbor Road", "Picked up already", "Send it instead"))
    assert ("Mark as picked up" in lies, "Mark as shipped" in lies) == (True, False)
    assert [one.status_code for one in (denied, ready, again, done)] == [404, 303, 409, 303]
    assert facts(store, order_id) == ("open", "fulfilled", 1, 1, 0)
    owner.post(f"~/locations/{main}/pickup", {})
    assert "Not offered" in owner.get("~/locations").text
