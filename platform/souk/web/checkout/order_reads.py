"""Read an order for its status page: seven selects, one more each for parcels, files and gift cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from souk.kernel.errors import NotFound
from souk.kernel.goods_names import Names, named_rate, rate_words, read_names
from souk.kernel.statement import Statement
from souk.orders.balance import balance_of
from souk.orders.documents.read import documents_of
from souk.orders.downloads.models import Download
from souk.orders.downloads.read import DownloadView, downloads_of
from souk.orders.events import TimelineEntry, timeline
from souk.orders.fulfill import DOWNLOAD
from souk.orders.models import Fulfillment, FulfillmentLine, Order, OrderChange, OrderDocument, OrderLine, Refund
from souk.orders.returning.queries import KINDS
from souk.payments.gift_cards.queries import cards_of_order, cards_paid
from souk.tax.relief import relief_in


class NoSuchOrder(NotFound):
    code = "order_not_found"

    def __init__(self) -> None:
        super().__init__("There is no order at this address; open the link of your confirmation mail.")


@dataclass(frozen=True, slots=True)
class ReturnShown:
    """A return, exchange or claim (`kind`): its `status`, when it was asked for, and (units, line) of its goods."""

    kind: str
    status: str
    created_at: datetime
    inside: Sequence[tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class OrderView:
    order: Any
    lines: Sequence[Any]
    parcels: Sequence[Any]
    # (parcel, line, units): what is in them
    contents: Sequence[Any]
    events: Sequence[TimelineEntry]
    # [{kind, label, amount}]: what gift cards and credit paid
    paid_by: Sequence[Any]
    downloads: Sequence[DownloadView]
    # What an edit left to pay, in minor units.
    owed: int
    documents: Sequence[Any]
    # (status, minor units) of what goes back or went back: succeeded and pending refunds.
    refunds: Sequence[Any]
    returns: Sequence[ReturnShown]

    @property
    def due(self) -> int:
        """What was left for the chosen way to pay."""
        return int(self.order.total - sum(one.amount for one in self.paid_by))

    def inside(self, parcel_id: int) -> list[tuple[int, Any]]:
        """Return (units, line) of what is in a parcel."""
        lines = {line.id: line for line in self.lines}
        mine = [one for one in self.contents if one.fulfillment_id == parcel_id and one.order_line_id in lines]
        return [(one.quantity, lines[one.order_line_id]) for one in mine]

    @property
    def pickup(self) -> Mapping[str, Any] | None:
        """The place where it is collected, as the checkout kept it; None where it is sent."""
        place: Mapping[str, Any] | None = self.order.shipping_line.get("pickup")
        return place

    @property
    def tax_relief(self) -> str:
        """Why no tax was due, as `souk.tax.relief` names it."""
        return relief_in(line.price_trace for line in self.lines)

    @property
    def ships(self) -> bool:
        """Whether any of it comes in a parcel."""
        return any(line.requires_shipping for line in self.lines)

    @property
    def comes_back(self) -> bool:
        """Whether any of it could be sent back."""
        return any(line.requires_shipping and line.fulfilled_quantity for line in self.lines)


_ORDER: tuple[Any, ...] = (
    Order.id,
    Order.name,
    Order.token,
    Order.status,
    Order.financial_status,
    Order.fulfillment_status,
    Order.email,
    Order.currency,
    Order.subtotal,
    Order.discount_total,
    Order.shipping_total,
    Order.included_tax_total,
    Order.additional_tax_total,
    Order.total,
    Order.shipping_address,
    Order.shipping_line,
    Order.discounts,
    Order.payment_provider,
    Order.note,
    Order.fields,
    Order.placed_at,
    Order.canceled_at,
    # Few orders have files, papers or were paid by cards: the others need no statement to learn that.
    exists().where(Download.order_id == Order.id).correlate(Order).label("has_downloads"),
    cards_paid(Order.id).label("has_cards"),
    exists().where(OrderDocument.order_id == Order.id).correlate(Order).label("has_documents"),
    exists().where(Refund.order_id == Order.id).correlate(Order).label("has_refunds"),
    exists().where(OrderChange.order_id == Order.id).correlate(Order).label("has_changes"),
)
_LINE: tuple[Any, ...] = (
    OrderLine.id,
    OrderLine.product_id,
    OrderLine.title,
    OrderLine.variant_title,
    OrderLine.image_key,
    OrderLine.quantity,
    OrderLine.fulfilled_quantity,
    OrderLine.subtotal,
    OrderLine.components,
    OrderLine.requires_shipping,
    OrderLine.price_trace,
)
_PARCEL: tuple[Any, ...] = (
    Fulfillment.id,
    Fulfillment.status,
    Fulfillment.provider,
    Fulfillment.tracking_company,
    Fulfillment.tracking_number,
    Fulfillment.tracking_url,
    Fulfillment.shipped_at,
    Fulfillment.delivered_at,
)

_READ_ORDER = Statement[Any](select(*_ORDER).where(Order.token == bindparam("token")))
_READ_LINES = Statement[Any](
    select(*_LINE).where(OrderLine.order_id == bindparam("order_id"), OrderLine.quantity > 0).order_by(OrderLine.id)
)
_READ_PARCELS = Statement[Any](
    select(*_PARCEL)
    .where(
        Fulfillment.order_id == bindparam("order_id"),
        Fulfillment.status != "canceled",
        Fulfillment.provider != DOWNLOAD,
    )
    .order_by(Fulfillment.id)
)


_READ_CONTENTS = Statement[Any](
    select(FulfillmentLine.fulfillment_id, FulfillmentLine.order_line_id, FulfillmentLine.quantity)
    .join(Fulfillment, Fulfillment.id == FulfillmentLine.fulfillment_id)
    .where(Fulfillment.order_id == bindparam("order_id"))
    .order_by(FulfillmentLine.id)
)


def read_order_view(session: Session, token: str, locale: str = "") -> OrderView:
    """Return the order whose secret is `token`, its goods called as in `locale`; raises NoSuchOrder."""
    order = _READ_ORDER.first(session, token=token)
    if order is None:
        raise NoSuchOrder
    lines = _READ_LINES.all(session, order_id=order.id)
    names = read_names(session, locale, lines, rate_words(order.shipping_line))
    lines = [_named(names, line) for line in lines]
    parcels = _READ_PARCELS.all(session, order_id=order.id)
    return OrderView(
        order=order._replace(shipping_line=named_rate(names, order.shipping_line)),
        lines=lines,
        parcels=parcels,
        contents=_READ_CONTENTS.all(session, order_id=order.id) if parcels else (),
        events=timeline(session, order.id),
        paid_by=cards_of_order(session, order.id) if order.has_cards else (),
        downloads=downloads_of(session, order.id) if order.has_downloads else (),
        documents=documents_of(session, order.id, for_buyer=True) if order.has_documents else (),
        refunds=_refunds(session, order.id) if order.has_refunds else (),
        returns=_returns(session, order.id, lines) if order.has_changes else (),
        owed=_owed(session, order),
    )


def _refunds(session: Session, order_id: int) -> Sequence[Any]:
    sums = select(Refund.status, func.sum(Refund.amount).label("amount")).where(
        Refund.order_id == order_id, Refund.kind != "exchange", Refund.status.in_(("succeeded", "pending"))
    )
    return session.execute(sums.group_by(Refund.status).order_by(Refund.status.desc())).all()


def _returns(session: Session, order_id: int, lines: Sequence[Any]) -> list[ReturnShown]:
    changes = select(OrderChange.kind, OrderChange.status, OrderChange.created_at, OrderChange.content).where(
        OrderChange.order_id == order_id, OrderChange.kind.in_(KINDS)
    )
    by_id = {line.id: line for line in lines}
    return [
        ReturnShown(
            row.kind,
            row.status,
            row.created_at,
            [(one["quantity"], by_id[one["line_id"]]) for one in row.content["lines"] if one["line_id"] in by_id],
        )
        for row in session.execute(changes.order_by(OrderChange.id))
    ]


def _named(names: Names, line: Any) -> Any:
    title, variant_title = names.title(line), names.variant(line)
    return line._replace(title=title, variant_title=variant_title, components=names.parts(line.components))


def _owed(session: Session, order: Any) -> int:
    # What is paid owes nothing, and that is nearly every order somebody looks at.
    if order.status != "open" or order.financial_status == "paid":
        return 0
    return max(balance_of(session, order.id).outstanding, 0)


def order_id_of(session: Session, token: str) -> int:
    """Return the id of the order whose secret is `token`; raises NoSuchOrder."""
    found = session.execute(select(Order.id).where(Order.token == token)).scalar_one_or_none()
    if found is None:
        raise NoSuchOrder
    return found
