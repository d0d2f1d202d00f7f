"""Read orders for the dashboard's lists and its order page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.inventory.locations import list_locations
from souk.kernel.errors import NotFound
from souk.orders.balance import balance_of
from souk.orders.dispute import disputes_of
from souk.orders.fulfill import PICKUP
from souk.orders.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderChange,
    OrderDocument,
    OrderEvent,
    OrderLine,
    Refund,
    TaxLine,
)
from souk.orders.refund import refundable
from souk.orders.worth import shipping_left
from souk.payments.models import PaymentTransaction
from souk.payments.transactions import Sums, sums_of
from souk.tax.relief import relief_in
from souk.web.dashboard.order_places import left_from, promised_at
from souk.web.dashboard.pages import PER_PAGE
from souk.web.dashboard.told import latest_facts

Rows = Sequence[Any]
_LIST: tuple[Any, ...] = (
    Order.id, Order.name, Order.email, Order.status, Order.financial_status, Order.fulfillment_status,
    Order.currency, Order.total, Order.placed_at, Order.tags, Order.shipping_address["name"].astext.label("buyer"),
)  # fmt: skip


class UnknownOrder(NotFound):
    code = "unknown_order"

    def __init__(self) -> None:
        super().__init__("This shop has no such order; find it in the list of orders.")


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Everything about one order. `sums` are those of its money, in minor units."""

    order: Row[Any]
    lines: Rows
    payments: Rows
    parcels: Rows
    parcel_lines: Rows
    refunds: Rows
    events: Rows
    sums: Sums
    disputes: Sequence[Mapping[str, Any]]
    # What the customer still owes, below zero what is to go back.
    outstanding: int
    changes: Rows
    documents: Rows
    # Variants of the bought products, for an exchange into another size: (id, product, title).
    siblings: Rows
    taxes: Rows
    # What can still be given back, of it what was paid for the delivery.
    refundable: int
    shipping_left: int
    # Where goods may leave from; one location is no choice.
    locations: Rows
    # line -> the locations that its units were promised at; parcel -> those that it left from.
    promised_at: Mapping[int, str]
    left_from: Mapping[int, str]

    @property
    def paid(self) -> int:
        return self.sums.captured + self.sums.cards

    @property
    def refunded(self) -> int:
        return self.sums.refunded + self.sums.cards_returned

    @property
    def shippable(self) -> bool:
        return self.order.status == "open" and not self.order.hold_reason and any(map(unshipped, self.lines))

    @property
    def pickup(self) -> Mapping[str, Any] | None:
        """The place where its buyer collects it, None where it is sent."""
        place: Mapping[str, Any] | None = self.order.shipping_line.get("pickup")
        return place

    @property
    def tax_relief(self) -> str:
        """Why no tax was due, as `souk.tax.relief` names it."""
        return relief_in(line.price_trace for line in self.lines)

    @property
    def lies_ready(self) -> bool:
        return any(parcel.provider == PICKUP and parcel.status == "pending" for parcel in self.parcels)

    @property
    def awaits_money(self) -> bool:
        """Whether staff may note that the money came by another way."""
        waiting = {"pending", "partially_paid", "partially_refunded"}
        return self.order.status == "open" and self.order.financial_status in waiting and self.outstanding > 0

    @property
    def open_edit(self) -> bool:
        return any(change.kind == "edit" and change.status == "open" for change in self.changes)

    @property
    def sent_lines(self) -> Rows:
        return [line for line in self.lines if line.fulfilled_quantity]

    @property
    def ships(self) -> bool:
        """Whether any of it comes in a parcel."""
        return any(line.requires_shipping for line in self.lines)

    @property
    def returnable_lines(self) -> Rows:
        return [line for line in self.sent_lines if line.requires_shipping]

    def title_of(self, line_id: int) -> str:
        line = next((line for line in self.lines if line.id == line_id), None)
        if line is None:
            return ""
        return line.title if line.variant_title in {"", "Default Title"} else f"{line.title} · {line.variant_title}"

    @property
    def returns(self) -> Rows:
        return [change for change in self.changes if change.kind != "edit"]


def unshipped(line: Row[Any]) -> int:
    return int(line.quantity - line.fulfilled_quantity - line.canceled_quantity)


def list_orders(
    session: Session, wanted: Sequence[ColumnElement[bool]] = (), *, page: int = 1, limit: int = PER_PAGE
) -> tuple[Rows, int]:
    """Return one page of the orders that fit, newest first, and the number of all of them."""
    newest = select(*_LIST).where(*wanted).order_by(Order.placed_at.desc(), Order.id.desc())
    rows = session.execute(newest.limit(limit).offset((page - 1) * limit)).all()
    return rows, session.execute(select(func.count(Order.id)).where(*wanted)).scalar_one()


def open_counts(session: Session) -> dict[str, int]:
    """Return how many open orders wait for shipping, and for money."""
    open_ = Order.status == "open"
    row = session.execute(
        select(
            func.count(Order.id).filter(open_, Order.fulfillment_status != "fulfilled"),
            func.count(Order.id).filter(open_, Order.financial_status == "pending"),
        )
    ).one()
    return {"to_ship": row[0], "unpaid": row[1]}


def orders_of_customer(session: Session, customer_id: int) -> Rows:
    newest = select(*_LIST).where(Order.customer_id == customer_id).order_by(Order.placed_at.desc())
    return session.execute(newest.limit(PER_PAGE)).all()


def read_order_page(session: Session, order_id: int) -> OrderPage:
    """Return an order with its parts; raises UnknownOrder."""
    order = order_head(session, order_id)

    def rows(model: Any) -> Rows:
        return session.execute(select(*model.__table__.c).where(model.order_id == order_id).order_by(model.id)).all()

    lines = [line for line in rows(OrderLine) if line.quantity]
    return OrderPage(
        order, lines, latest_facts(rows(PaymentTransaction)), rows(Fulfillment), _parcel_lines(session, order_id),
        rows(Refund), rows(OrderEvent)[::-1], sums_of(session, order_id), disputes_of(session, order_id),
        balance_of(session, order_id).outstanding, rows(OrderChange)[::-1], rows(OrderDocument),
        _siblings(session, lines), rows(TaxLine), refundable(session, order_id), shipping_left(session, order_id),
        list_locations(session, with_inactive=False), promised_at(session, lines), left_from(session, order_id),
    )  # fmt: skip


def _siblings(session: Session, lines: Rows) -> Rows:
    bought = {line.variant_id for line in lines}
    products = {line.product_id for line in lines if line.product_id and line.fulfilled_quantity}
    if not products:
        return []
    found = (
        select(Variant.id, Product.title.label("product"), Variant.title)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.product_id.in_(products), Variant.id.not_in(bought))
        .order_by(Product.title, Variant.position)
        .limit(100)
    )
    return session.execute(found).all()


def order_head(session: Session, order_id: int) -> Row[Any]:
    """Return the columns of an order; raises UnknownOrder."""
    order = session.execute(select(*Order.__table__.c).where(Order.id == order_id)).first()
    if order is None:
        raise UnknownOrder
    return order


def _parcel_lines(session: Session, order_id: int) -> Rows:
    return session.execute(
        select(
            FulfillmentLine.fulfillment_id,
            FulfillmentLine.quantity,
            OrderLine.title,
            OrderLine.variant_title,
            OrderLine.components,
        )
        .join(OrderLine, OrderLine.id == FulfillmentLine.order_line_id)
        .where(OrderLine.order_id == order_id)
        .order_by(FulfillmentLine.id)
    ).all()
