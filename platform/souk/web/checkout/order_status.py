"""The order status page: where the order is, its parcels, and every step so far."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.orders.events import TimelineEntry
from souk.web.checkout.branding import read_branding
from souk.web.checkout.order_reads import OrderView, read_order_view
from souk.web.checkout.render import page

# What a buyer is told; other entries of the timeline are the merchant's.
_SENTENCES = {
    "placed": "Order placed",
    "payment_captured": "Payment received",
    "payment_authorized": "Payment authorized",
    "payment_pending": "Waiting for the payment",
    "fulfillment_requested": "Being packed",
    "fulfillment_created": "On its way",
    "fulfillment_delivered": "Delivered",
    "refund_succeeded": "Refund sent",
    "canceled": "Order canceled",
}


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    done: bool


def order_status(token: str) -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        view, brand = read_order_view(session, token), read_branding(session)
    return page("order.html", brand, view=view, order=view.order, steps=steps_of(view), sentence=sentence_of)


def steps_of(view: OrderView) -> list[Step]:
    """Return the way of an order from left to right."""
    order = view.order
    paid = order.financial_status in {"paid", "partially_refunded", "refunded"}
    shipped = order.fulfillment_status == "fulfilled"
    delivered = shipped and bool(view.parcels) and all(one.status == "delivered" for one in view.parcels)
    return [Step("Placed", True), Step("Paid", paid), Step("Shipped", shipped), Step("Delivered", delivered)]


def sentence_of(entry: TimelineEntry) -> str:
    """Return what a buyer reads about an entry, empty for what is not for buyers."""
    kind = entry.type.removeprefix("order.").replace(".", "_")
    return _SENTENCES.get(kind, "")
