"""Write orders as the rows of a CSV file, in the headings that `souk.orders.importing` reads back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from souk.catalog.importing.cells import guard, guard_code
from souk.kernel.money import Money
from souk.orders.models import Order, OrderLine, Refund

BATCH = 500
_ORDER = (
    "Email", "Financial Status", "Fulfillment Status", "Created at", "Currency", "Subtotal", "Discount Amount",
    "Shipping", "Taxes", "Total", "Refunded Amount", "Cancelled at", "Shipping Method", "Shipping Name",
    "Shipping Address1", "Shipping Address2", "Shipping City", "Shipping Zip", "Shipping Province",
    "Shipping Country", "Shipping Phone", "Notes", "Tags",
)  # fmt: skip
_LINE = ("Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Lineitem discount")
COLUMNS = ("Name", *_ORDER, *_LINE)
_WANTED = (
    Order.id, Order.name, Order.email, Order.financial_status, Order.fulfillment_status, Order.placed_at,
    Order.currency, Order.subtotal, Order.discount_total, Order.shipping_total, Order.additional_tax_total,
    Order.included_tax_total, Order.total, Order.canceled_at, Order.shipping_line, Order.shipping_address,
    Order.note, Order.tags,
)  # fmt: skip


def head() -> str:
    """Return the first line; spreadsheets take the file for UTF-8 only with the mark before it."""
    return "\ufeff" + _written([dict(zip(COLUMNS, COLUMNS, strict=True))])


def orders_after(session: Session, wanted: Sequence[ColumnElement[bool]], after: int) -> tuple[str, int | None]:
    """Return the rows of the next BATCH orders whose id is above `after`, and the last id; None when none is left.

    The order's own cells stand in its first row, every row has one line; `wanted` are conditions on orders.
    """
    found = select(*_WANTED).where(Order.id > after, *wanted).order_by(Order.id).limit(BATCH)
    orders = session.execute(found).all()
    ids = [order.id for order in orders]
    if not ids:
        return "", None
    lines: dict[int, list[Any]] = {}
    for line in session.execute(_lines(ids)):
        lines.setdefault(line.order_id, []).append(line)
    back = _refunded(session, ids)
    rows = (row for one in orders for row in _rows(one, lines.get(one.id, []), back.get(one.id, 0)))
    return _written(rows), ids[-1]


def _lines(ids: list[int]) -> Any:
    columns = (
        OrderLine.order_id, OrderLine.quantity, OrderLine.title, OrderLine.variant_title, OrderLine.unit_price,
        OrderLine.sku, OrderLine.discount_total,
    )  # fmt: skip
    return select(*columns).where(OrderLine.order_id.in_(ids), OrderLine.quantity > 0).order_by(OrderLine.id)


def _refunded(session: Session, ids: list[int]) -> dict[int, int]:
    gone = (Refund.order_id.in_(ids), Refund.kind == "refund", Refund.status == "succeeded")
    sums = select(Refund.order_id, func.sum(Refund.amount)).where(*gone).group_by(Refund.order_id)
    return {row[0]: int(row[1]) for row in session.execute(sums)}


def _rows(order: Any, lines: Sequence[Any], refunded: int) -> Iterator[dict[str, str]]:
    for number, line in enumerate(lines or [None]):
        row = {"Name": guard(order.name)}
        if number == 0:
            row |= _order(order, refunded)
        if line is not None:
            row |= _line(line, order.currency)
        yield row


def _order(order: Any, refunded: int) -> dict[str, str]:
    def major(amount: int) -> str:
        return str(Money(amount, order.currency).major)

    address = order.shipping_address
    parts = ("name", "line1", "line2", "city", "postal_code", "state", "country", "phone")
    values = (
        guard(order.email), order.financial_status, order.fulfillment_status, order.placed_at.isoformat(),
        order.currency, major(order.subtotal), major(order.discount_total), major(order.shipping_total),
        major(order.additional_tax_total + order.included_tax_total), major(order.total), major(refunded),
        order.canceled_at.isoformat() if order.canceled_at else "", guard(str(order.shipping_line.get("title", ""))),
        *(guard(str(address.get(part) or "")) for part in parts), guard(order.note), guard(", ".join(order.tags)),
    )  # fmt: skip
    return dict(zip(_ORDER, values, strict=True))


def _line(line: Any, currency: str) -> dict[str, str]:
    variant = "" if line.variant_title in {"", "Default Title"} else f" - {line.variant_title}"
    return {
        "Lineitem quantity": str(line.quantity),
        "Lineitem name": guard(f"{line.title}{variant}"),
        "Lineitem price": str(Money(line.unit_price, currency).major),
        "Lineitem sku": guard_code(line.sku),
        "Lineitem discount": str(Money(line.discount_total, currency).major),
    }


def _written(rows: Any) -> str:
    text = io.StringIO()
    csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n").writerows(rows)
    return text.getvalue()
