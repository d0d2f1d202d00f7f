"""What happens to an order after it was placed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest
from sqlalchemy import select

from plugins.builtin.parcel_fulfillment.plugin import Parcels
from souk.checkout.complete import complete_checkout
from souk.inventory.adjust import set_on_hand
from souk.inventory.audit import audit
from souk.inventory.errors import ShortAtLocation, UnknownLocation
from souk.inventory.locations import create_location, deactivate_location
from souk.inventory.models import InventoryLevel
from souk.kernel.db import transaction
from souk.kernel.outbox import AlreadyDelivered
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.notifications.consume import WANTS, deliver_mail
from souk.orders.automatic import fulfill_automatically
from souk.orders.books.stock import check_stock
from souk.orders.browse import list_orders
from souk.orders.cancel import cancel_order
from souk.orders.errors import (
    CannotCancel,
    CannotFulfill,
    CannotRefundLine,
    RefundNeedsReason,
    RefundTooLarge,
    UnknownOrder,
)
from souk.orders.events import timeline
from souk.orders.fulfill import fulfill_order
from souk.orders.mark_paid import mark_paid
from souk.orders.read import OrderView, read_order
from souk.orders.refund import RefundLine, grant, move, refund_order
from souk.orders.track import BadCarrierStatus, note_carrier, set_tracking
from souk.orders.worth import value_of
from souk.web.dashboard.order_places import left_from
from tests.factories.catalog import make_product
from tests.factories.commerce import (
    APPROVED,
    delivery_of,
    events,
    open_for_business,
    order_count,
    ready_checkout,
    stock,
)
from tests.notifications.test_mail import Recorder

_keys = count(1)


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)


@pytest.fixture
def variant_id(shop: TenantScope) -> int:
    with transaction(shop) as session:
        return make_product(session, stock=10, price=1_000)[0]


def order(scope: TenantScope, variant_id: int, quantity: int = 3, method: dict[str, str] = APPROVED) -> int:
    done = complete_checkout(scope, ready_checkout(scope, [(variant_id, quantity)]), method)
    assert done.order_id is not None
    return done.order_id


def read(scope: TenantScope, order_id: int) -> OrderView:
    with transaction(scope) as session:
        return read_order(session, order_id)


def refund(scope: TenantScope, order_id: int, amount: int, *lines: RefundLine, reason: str = "damaged") -> str:
    return refund_order(scope, order_id, amount, lines, reason, "staff:1", f"key-{next(_keys)}").status


def test_an_order_is_sent_in_two_parcels(shop: TenantScope, other_shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    (line,) = read(shop, order_id).lines

    with transaction(shop) as session:
        first = fulfill_order(session, order_id, [(line.id, 1)], tracking_company="DHL", tracking_number="T1")
    half = read(shop, order_id)
    with transaction(shop) as session:
        second = fulfill_order(session, order_id, actor="staff:1")
        for _ in range(2):
            set_tracking(session, order_id, second, "UPS", "T2", "")
            note_carrier(session, order_id, second, "return_to_sender")
            note_carrier(session, order_id, first, "delivered")
        with pytest.raises(BadCarrierStatus):
            note_carrier(session, order_id, first, "lost")

    whole = read(shop, order_id)
    assert (half.fulfillment_status, half.tracking_number) == ("partially_fulfilled", "T1")
    assert (whole.fulfillment_status, whole.tracking_number) == ("fulfilled", "T2")
    assert [(one.status, one.tracking_status) for one in whole.fulfillments] == [
        ("delivered", "delivered"), ("shipped", "return_to_sender"),
    ]  # fmt: skip
    assert [part.quantity for part in whole.parcels[second]] == [2]
    with transaction(shop) as session:
        assert stock(session, variant_id) == (7, 0, 0)
        assert audit(session) == []
        assert [entry.type for entry in timeline(session, order_id)] == [
            "placed", "payment_captured", "fulfillment_created", "fulfillment_created", "tracking_updated",
            "carrier_reported", "fulfillment_delivered",
        ]  # fmt: skip
    assert events(shop, first, "fulfillment.created") == ["fulfillment.created"]
    assert events(shop, first, "fulfillment.delivered") == ["fulfillment.delivered"]
    with transaction(other_shop) as session:
        assert order_count(session) == 0
        assert list_orders(session).orders == []
        with pytest.raises(UnknownOrder):
            fulfill_order(session, order_id)
        with pytest.raises(UnknownOrder):
            note_carrier(session, order_id, first, "failure")


def test_one_line_leaves_from_two_locations(shop: TenantScope, other_shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    (line,) = read(shop, order_id).lines
    with transaction(shop) as session:
        depot = create_location(session, f"Depot {order_id}")
        set_on_hand(session, variant_id, depot, 2, "received", "staff:1")

    with pytest.raises(ShortAtLocation, match="send from another one"), transaction(shop) as session:
        fulfill_order(session, order_id, location_id=depot)
    with pytest.raises(UnknownLocation), transaction(shop) as session:
        fulfill_order(session, order_id, location_id=10**9)
    assert read(shop, order_id).fulfillments == []
    with transaction(shop) as session:
        first = fulfill_order(session, order_id, [(line.id, 2)], location_id=depot)
        second = fulfill_order(session, order_id)

    with transaction(shop) as session:
        levels = select(InventoryLevel.on_hand, InventoryLevel.committed).where(InventoryLevel.variant_id == variant_id)
        assert session.execute(levels.order_by(InventoryLevel.id)).all() == [(9, 0), (0, 0)]
        assert left_from(session, order_id)[first] == f"Depot {order_id}"
        assert left_from(session, order_id)[second] != f"Depot {order_id}"
        assert audit(session) == []
        assert list(check_stock(session)) == []
        # One location is what the other tests count on.
        deactivate_location(session, depot)
    with transaction(other_shop) as session:
        assert left_from(session, order_id) == {}


def test_more_than_is_left_cannot_be_sent(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    (line,) = read(shop, order_id).lines

    for parts in ([(line.id, 4)], [(line.id, 2), (line.id, 2)], [(line.id + 1, 1)], [(line.id, 0)], []):
        with pytest.raises(CannotFulfill), transaction(shop) as session:
            fulfill_order(session, order_id, parts)

    assert read(shop, order_id).fulfillments == []


def test_a_paid_order_is_canceled_refunded_and_restocked(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)

    for _ in range(2):
        cancel_order(shop, order_id, "customer", restock=True, actor="customer")

    canceled = read(shop, order_id)
    assert (canceled.status, canceled.financial_status, canceled.cancel_reason) == (
        "canceled", "refunded", "customer",
    )  # fmt: skip
    assert [(one.amount, one.status) for one in canceled.refunds] == [(3_850, "succeeded")]
    with transaction(shop) as session:
        assert stock(session, variant_id) == (10, 0, 0)
        assert audit(session) == []
    assert events(shop, order_id, "order.canceled") == ["order.canceled"]
    with pytest.raises(CannotFulfill), transaction(shop) as session:
        fulfill_order(session, order_id)


def test_a_promise_of_payment_is_voided_and_the_goods_are_lost(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id, method={"type": "manual"})

    cancel_order(shop, order_id, "inventory", restock=False, actor="staff:1")

    assert read(shop, order_id).financial_status == "voided"
    with transaction(shop) as session:
        assert stock(session, variant_id) == (7, 0, 0)
        assert audit(session) == []


def test_what_was_sent_cannot_be_canceled(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    (line,) = read(shop, order_id).lines
    with transaction(shop) as session:
        fulfill_order(session, order_id, [(line.id, 1)])

    with pytest.raises(CannotCancel):
        cancel_order(shop, order_id, "customer", restock=True, actor="customer")

    after = read(shop, order_id)
    assert (after.status, after.financial_status, after.refunds) == ("open", "paid", [])


def test_several_refunds_up_to_what_was_paid(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    (line,) = read(shop, order_id).lines
    with transaction(shop) as session:
        fulfill_order(session, order_id)

    assert refund(shop, order_id, 1_100, RefundLine(line.id, 1, restock=True)) == "succeeded"
    partly = read(shop, order_id)
    assert refund(shop, order_id, 2_750) == "succeeded"
    wholly = read(shop, order_id)

    assert (partly.financial_status, partly.lines[0].refunded_quantity) == ("partially_refunded", 1)
    assert wholly.financial_status == "refunded"
    assert [(row.kind, row.amount) for row in wholly.payments] == [
        ("sale", 3_850), ("refund", 1_100), ("refund", 2_750),
    ]  # fmt: skip
    with transaction(shop) as session:
        assert stock(session, variant_id) == (8, 0, 0)
        assert audit(session) == []
    assert events(shop, wholly.refunds[0].id, "refund.succeeded") == ["refund.succeeded"]


def test_a_repeated_refund_moves_money_once(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)

    outcomes = [refund_order(shop, order_id, 500, [], "late", "staff:1", f"same-{order_id}") for _ in range(2)]

    assert outcomes[0] == outcomes[1]
    assert [row.amount for row in read(shop, order_id).payments] == [3_850, 500]


def test_two_waiting_refunds_cannot_have_the_same_unit(shop: TenantScope, variant_id: int) -> None:
    """Two connections grant at once; the money of both would move later."""
    order_id = order(shop, variant_id, quantity=1)
    (line,) = read(shop, order_id).lines
    with transaction(shop) as session:
        fulfill_order(session, order_id)
    start = Barrier(2)

    def granted(key: str) -> int | None:
        start.wait()
        try:
            with transaction(shop) as session:
                return grant(
                    session, order_id, 1_000, [RefundLine(line.id, 1, restock=True)], reason="late", actor="staff:1",
                    idempotency_key=f"{key}-{order_id}",
                )  # fmt: skip
        except CannotRefundLine:
            return None

    with ThreadPoolExecutor(2) as pool:
        (refund_id,) = [one for one in pool.map(granted, ["first", "second"]) if one is not None]
    with transaction(shop) as session:
        assert value_of(session, order_id, {line.id: 1}) == 0
    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(lambda _: move(shop, refund_id).status, range(2))) == {"succeeded"}

    after = read(shop, order_id)
    assert [(one.amount, one.status) for one in after.refunds] == [(1_000, "succeeded")]
    assert after.lines[0].refunded_quantity == 1
    with transaction(shop) as session:
        assert stock(session, variant_id) == (10, 0, 0)
        assert audit(session) == []


def test_bad_refunds_change_nothing(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    (line,) = read(shop, order_id).lines

    for amount in (0, -1, 3_851):
        with pytest.raises(RefundTooLarge):
            refund(shop, order_id, amount)
    with pytest.raises(RefundNeedsReason):
        refund(shop, order_id, 100, reason=" ")
    with pytest.raises(CannotRefundLine):
        refund(shop, order_id, 100, RefundLine(line.id, 4))

    after = read(shop, order_id)
    assert (after.refunds, after.financial_status) == ([], "paid")


def test_refunded_units_that_were_not_sent_are_given_up(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id)
    line = read(shop, order_id).lines[0]
    with transaction(shop) as session:
        fulfill_order(session, order_id, [(line.id, 1)])
        before = stock(session, variant_id)

    status = refund(shop, order_id, 1_000, RefundLine(line.id, line.quantity - 1, restock=True))

    assert status == "succeeded"
    assert read(shop, order_id).fulfillment_status == "fulfilled"
    with transaction(shop) as session:
        after = stock(session, variant_id)
        with pytest.raises(CannotFulfill):
            fulfill_order(session, order_id)
    assert after == (before[0], before[1] - (line.quantity - 1), before[2])


def test_an_order_is_canceled_after_a_part_was_refunded(shop: TenantScope, variant_id: int) -> None:
    with transaction(shop) as session:
        before = stock(session, variant_id)
    order_id = order(shop, variant_id)
    line = read(shop, order_id).lines[0]
    refund(shop, order_id, 1_000, RefundLine(line.id, 1))

    cancel_order(shop, order_id, "customer", restock=True, actor="staff:1")

    with transaction(shop) as session:
        assert stock(session, variant_id) == before


def test_a_promised_payment_is_marked_paid(shop: TenantScope, variant_id: int) -> None:
    order_id = order(shop, variant_id, method={"type": "manual"})

    with transaction(shop) as session:
        mark_paid(session, order_id, "staff:1")

    assert read(shop, order_id).financial_status == "paid"
    assert events(shop, order_id, "order.paid") == ["order.paid"]
    assert refund(shop, order_id, 3_850) == "succeeded"


def test_a_buyer_hears_of_money_that_came_later(shop: TenantScope, variant_id: int) -> None:
    at_once, later = order(shop, variant_id), order(shop, variant_id, method={"type": "manual"})
    with transaction(shop) as session:
        mark_paid(session, later, "staff:1")
    jobs = [delivery_of(shop, "order.paid", one) for one in (at_once, later)]
    assert [WANTS["order.paid"](job.event) for job in jobs] == [False, True]
    recorder = Recorder()

    deliver_mail(jobs[1], recorder)

    name = read(shop, later).name
    assert [mail["Subject"] for mail in recorder.sent] == [f"Payment received for order {name}"]


def test_automatic_fulfillment_sends_once_and_retries(
    shop: TenantScope, variant_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(shop) as session:
        write_setting(session, "shop", {**read_setting(session, "shop"), "auto_fulfill": True})
    order_id = order(shop, variant_id)
    job = delivery_of(shop, "fulfillment.requested", order_id)

    with monkeypatch.context() as broken:
        broken.setattr(Parcels, "send", lambda *_: (_ for _ in ()).throw(ConnectionError("carrier is down")))
        with pytest.raises(ConnectionError):
            fulfill_automatically(job)
    fulfill_automatically(job)
    with pytest.raises(AlreadyDelivered):
        fulfill_automatically(job)

    sent = read(shop, order_id)
    assert (sent.fulfillment_status, len(sent.fulfillments)) == ("fulfilled", 1)
    assert sent.tracking_number.startswith("SP")
    with transaction(shop) as session:
        kinds = [entry.type for entry in timeline(session, order_id)]
    assert kinds[-3:] == ["fulfillment_requested", "fulfillment_failed", "fulfillment_created"]


def test_orders_are_listed_newest_first(shop: TenantScope, variant_id: int) -> None:
    first, second = order(shop, variant_id, 1), order(shop, variant_id, 2)
    name = read(shop, first).name

    with transaction(shop) as session:
        page = list_orders(session, limit=2)
        assert [one.id for one in page.orders] == [second, first]
        assert [one.item_count for one in page.orders] == [2, 1]
        assert [one.id for one in list_orders(session, query=name).orders] == [first]
        assert list_orders(session, status="voided", query="ada").total in {0, 1}
        assert list_orders(session, query="50%").total == 0
        assert list_orders(session, customer_id=999_999).orders == []
