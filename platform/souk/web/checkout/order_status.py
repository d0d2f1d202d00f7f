"""The order status page: where the order is, its parcels, and every step so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.orders.events import TimelineEntry
from souk.web.checkout.branding import read_branding
from souk.web.checkout.buy_again import told_of
from souk.web.checkout.downloads import ENDED
from souk.web.checkout.order_reads import OrderView, read_order_view
from souk.web.checkout.render import page
from souk.web.file_size import size_of

# What a buyer is told, below `order.events.` of the texts; other entries of the timeline are the merchant's.
_TOLD = frozenset(
    [
        "placed", "payment_captured", "payment_authorized", "payment_pending", "fulfillment_requested",
        "fulfillment_created", "downloads_ready", "fulfillment_delivered", "refund_succeeded", "canceled",
        "edited", "return_requested", "return_approved", "return_declined", "return_received", "return_closed",
        "held", "released", "ready_for_pickup", "picked_up", "gift_cards_mailed",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """`name` is a key below `order.steps.` of the texts."""

    name: str
    done: bool


def order_status(token: str) -> Response:
    with transaction(g.shop.scope, read_only=True, configured=True) as session:
        brand = read_branding(session)
        view = read_order_view(session, token, brand.locale)
    return page("order.html", brand, view=view, order=view.order, steps=steps_of(view), events=told(view),
                again=told_of(view), size=size_of, ended=ENDED)  # fmt: skip


def steps_of(view: OrderView) -> list[Step]:
    """Return the way of an order from left to right."""
    order = view.order
    paid = order.financial_status in {"paid", "partially_refunded", "refunded"}
    shipped = order.fulfillment_status == "fulfilled"
    if not view.ships:
        return [Step("placed", True), Step("paid", paid), Step("ready", shipped)]
    if view.pickup:
        lies_ready = shipped or any(one.status == "pending" for one in view.parcels)
        placed = [Step("placed", True), Step("paid", paid)]
        return [*placed, Step("ready_for_pickup", lies_ready), Step("picked_up", shipped)]
    delivered = shipped and bool(view.parcels) and all(one.status == "delivered" for one in view.parcels)
    return [Step("placed", True), Step("paid", paid), Step("shipped", shipped), Step("delivered", delivered)]


def told(view: OrderView) -> list[tuple[str, datetime, int]]:
    """Return (kind, moment, moved money in minor units or 0) of what is for buyers, newest first."""
    kinds = ((one.type.removeprefix("order.").replace(".", "_"), one) for one in view.events)
    return [(kind, one.created_at, _moved(kind, one)) for kind, one in kinds if kind in _TOLD][::-1]


def _moved(kind: str, entry: TimelineEntry) -> int:
    amount = entry.params.get("amount") if kind in {"payment_captured", "refund_succeeded"} else 0
    return amount if isinstance(amount, int) else 0
