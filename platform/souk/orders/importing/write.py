"""Write a batch of imported orders: those that the shop has already are left as they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.catalog.importing.copying import copy_rows
from souk.catalog.models import Product, Variant
from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.tokens import new_token
from souk.orders.importing.parse import ImportedOrder
from souk.orders.models import NumberSequence, Order
from souk.orders.statuses import financial_status
from souk.payments.transactions import Sums

PROVIDER = "external"
_LINE = (
    "order_id", "product_id", "variant_id", "title", "variant_title", "sku", "vendor", "quantity",
    "fulfilled_quantity", "canceled_quantity", "unit_price", "subtotal", "discount_total",
)  # fmt: skip
_PAID = (
    "order_id", "kind", "status", "amount", "currency", "provider", "idempotency_key", "processed_at", "created_at",
)  # fmt: skip
_TAX = ("order_id", "title", "rate", "amount", "included")


def known_numbers(session: Session, numbers: Iterable[str]) -> set[str]:
    """Return which of these external numbers the shop has."""
    wanted = select(Order.external_number).where(Order.external_number.in_(list(numbers)))
    return {str(number) for number in session.scalars(wanted)}


def write_orders(session: Session, orders: Sequence[ImportedOrder], actor: str) -> None:
    """Insert orders that the shop does not have, with lines, money, taxes and a timeline; nothing is published."""
    customers = _customers(session, orders)
    first = _take_numbers(session, len(orders))
    rows = [_order(order, first + index, customers) for index, order in enumerate(orders)]
    copy_rows(session, "orders", tuple(rows[0]), (tuple(row.values()) for row in rows))
    numbered = Order.number.between(first, first + len(orders) - 1)
    ids = session.scalars(select(Order.id).where(numbered).order_by(Order.number)).all()
    pairs = list(zip(ids, orders, strict=True))
    goods = _goods(session, orders)
    copy_rows(session, "order_lines", _LINE, (row for pair in pairs for row in _lines(*pair, goods)))
    copy_rows(session, "payment_transactions", _PAID, (row for pair in pairs for row in _money(*pair)))
    copy_rows(session, "tax_lines", _TAX, (row for pair in pairs for row in _taxes(*pair)))
    told = ("order_id", "type", "actor", "params", "created_at")
    copy_rows(session, "order_events", told, (row for pair in pairs for row in _events(*pair, actor)))


def _take_numbers(session: Session, count: int) -> int:
    taken = (
        update(NumberSequence)
        .where(NumberSequence.name == "order")
        .values(next_value=NumberSequence.next_value + count)
    )
    return int(session.execute(taken.returning(NumberSequence.next_value)).scalar_one()) - count


def _customers(session: Session, orders: Sequence[ImportedOrder]) -> dict[str, int]:
    """Return address -> customer, new ones made; an account whose address is not proven gets nothing."""
    wanted = {order.customer: order for order in orders if order.customer}
    if not wanted:
        return {}
    now = clock.now()
    rows = [
        {"email": email, "name": order.address["name"][:120], "created_at": order.placed_at, "updated_at": now}
        for email, order in wanted.items()
    ]
    session.execute(upsert(Customer).on_conflict_do_nothing(index_elements=[Customer.email]), rows)
    safe = (Customer.password_hash.is_(None)) | (Customer.email_proven_at.is_not(None))
    found = select(Customer.email, Customer.id).where(Customer.email.in_(list(wanted)), safe)
    return {row.email: row.id for row in session.execute(found)}


def _goods(session: Session, orders: Sequence[ImportedOrder]) -> dict[str, Any]:
    """Return SKU -> the variant that has it; one that several have stands for none."""
    skus = {line.sku for order in orders for line in order.lines if line.sku}
    found = (
        select(Variant.sku, Variant.id, Variant.product_id, Variant.title, Product.vendor)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.sku.in_(skus))
    )
    goods: dict[str, Any] = {}
    for row in session.execute(found):
        goods[row.sku] = None if row.sku in goods else row
    return goods


def _order(order: ImportedOrder, number: int, customers: dict[str, int]) -> dict[str, Any]:
    total = order.total
    sums = Sums(0, order.paid, order.refunded, voided=False)
    ended = order.canceled_at is None and order.fulfilled and order.paid >= total
    return {
        "number": number,
        "name": order.number,
        "external_number": order.number,
        "token": new_token(),
        "customer_id": customers.get(order.customer),
        "status": "canceled" if order.canceled_at else "archived" if ended else "open",
        "financial_status": financial_status(total, sums),
        "fulfillment_status": "fulfilled" if order.fulfilled and not order.canceled_at else "unfulfilled",
        "email": order.email,
        "phone": order.address["phone"],
        "currency": order.currency,
        "prices_include_tax": not order.additional_tax,
        "subtotal": order.subtotal,
        "discount_total": order.discount,
        "shipping_total": order.shipping,
        "included_tax_total": order.included_tax,
        "additional_tax_total": order.additional_tax,
        "total": total,
        "shipping_address": Jsonb(order.address),
        "billing_address": Jsonb(order.address),
        "shipping_line": Jsonb(
            {"title": order.shipping_title, "amount": order.shipping} if order.shipping_title else {}
        ),
        "payment_provider": PROVIDER,
        "note": order.note,
        "tags": list(order.tags),
        "source": "import",
        "cancel_reason": "other" if order.canceled_at else None,
        "placed_at": order.placed_at,
        "canceled_at": order.canceled_at,
        "closed_at": order.placed_at if ended else None,
    }


def _lines(order_id: int, order: ImportedOrder, goods: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    for line in order.lines:
        variant = goods.get(line.sku)
        # What came back or was canceled was sold to nobody: it counts in no bestseller.
        undone = order.canceled_at is not None or line.subtotal < 0 or line.unit_price < 0
        sent = line.quantity if order.fulfilled and not undone else 0
        yield (
            order_id, variant.product_id if variant else None, variant.id if variant else None, line.title,
            variant.title if variant else "", line.sku, variant.vendor if variant else "", line.quantity, sent,
            line.quantity if undone else 0, line.unit_price, line.subtotal, line.discount,
        )  # fmt: skip


def _money(order_id: int, order: ImportedOrder) -> Iterable[tuple[Any, ...]]:
    for kind, amount in (("sale", order.paid), ("refund", order.refunded)):
        if amount:
            yield (
                order_id, kind, "success", amount, order.currency, PROVIDER, f"import-{order.number}",
                order.placed_at, clock.now(),
            )  # fmt: skip


def _taxes(order_id: int, order: ImportedOrder) -> Iterable[tuple[Any, ...]]:
    tax = order.included_tax or order.additional_tax
    base = order.total - tax
    if tax:
        rate = (Decimal(tax) / Decimal(base)).quantize(Decimal("0.000001")) if base else Decimal(0)
        yield (order_id, "Tax", min(rate, Decimal(999)), tax, order.additional_tax == 0)


def _events(order_id: int, order: ImportedOrder, actor: str) -> Iterable[tuple[Any, ...]]:
    yield (order_id, "placed", "customer", Jsonb({"total": order.total}), order.placed_at)
    if order.canceled_at:
        yield (order_id, "canceled", "system", Jsonb({}), order.canceled_at)
    yield (order_id, "imported", actor, Jsonb({"number": order.number}), clock.now())
