"""Place an order: snapshots, taxes and timeline first, the gapless number last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.statement import Statement
from souk.kernel.tokens import new_token
from souk.kernel.write_rows import insert_row, insert_rows
from souk.orders.draft import Buyer, DraftLine, DraftTax, Priced, Totals
from souk.orders.models import Order, OrderLine, TaxLine

_NUMBER = Statement[Any](
    text(
        "WITH taken AS (UPDATE number_sequences SET next_value = next_value + 1 WHERE name = 'order'"
        " RETURNING next_value - 1 AS number)"
        " UPDATE orders SET number = taken.number, name = '#' || taken.number FROM taken"
        " WHERE orders.id = :id RETURNING orders.number"
    )
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the order comes from, with `levels`: variant -> the stock level that serves it."""

    cart_id: int
    checkout_id: int
    payment_provider: str
    financial_status: str
    levels: Mapping[int, int]


def write_order(session: Session, priced: Priced, buyer: Buyer, origin: Origin) -> tuple[int, str]:
    """Write the order without its number and return (id, token); `number_order` ends the placement."""
    order_id, token = _insert_order(session, priced, buyer, origin)
    line_ids = _insert_lines(session, order_id, priced.lines, origin.levels)
    _insert_taxes(session, order_id, priced, line_ids)
    return order_id, token


def number_order(session: Session, order_id: int, totals: Totals) -> Event:
    """Give the order the next number and return `order.placed`, to be published at once.

    The number's row stays locked until the commit and every other buyer of the shop waits for it:
    whatever can be written before is written before.
    """
    number: int = _NUMBER.scalar(session, id=order_id)
    payload = {"number": number, "total": totals.total, "currency": totals.currency}
    return Event("order.placed", order_id, payload)


def _insert_order(session: Session, priced: Priced, buyer: Buyer, origin: Origin) -> tuple[int, str]:
    token, totals = new_token(), priced.totals
    row = {
        # Unique until the real number is taken as the last statement.
        "number": -origin.checkout_id,
        "name": "",
        "token": token,
        "cart_id": origin.cart_id,
        "checkout_id": origin.checkout_id,
        "customer_id": buyer.customer_id,
        "financial_status": origin.financial_status,
        "email": buyer.email,
        "phone": str(buyer.shipping_address.get("phone", "")),
        "locale": buyer.locale,
        "currency": totals.currency,
        "prices_include_tax": totals.prices_include_tax,
        "subtotal": totals.subtotal,
        "discount_total": totals.discount_total,
        "shipping_total": totals.shipping_total,
        "included_tax_total": totals.included_tax_total,
        "additional_tax_total": totals.additional_tax_total,
        "total": totals.total,
        "to_base": Decimal(totals.to_base),
        "shipping_address": dict(buyer.shipping_address),
        "billing_address": dict(buyer.billing_address or buyer.shipping_address),
        "shipping_line": dict(priced.shipping_line),
        "discounts": [dict(one) for one in priced.discounts],
        "payment_provider": origin.payment_provider,
        "note": buyer.note,
        "fields": [dict(one) for one in buyer.fields],
        "source": buyer.source,
        "placed_at": clock.now(),
    }
    return insert_row(session, Order, row), token


def _insert_lines(
    session: Session, order_id: int, lines: Sequence[DraftLine], levels: Mapping[int, int]
) -> Sequence[int]:
    rows = [
        {
            "order_id": order_id,
            "product_id": line.product_id,
            "variant_id": line.variant_id,
            "level_id": None if line.components else levels.get(line.variant_id),
            "title": line.title,
            "variant_title": line.variant_title,
            "sku": line.sku,
            "vendor": line.vendor,
            "image_key": line.image_key,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "subtotal": line.subtotal,
            "discount_total": line.discount_total,
            "tax_total": line.tax_total,
            "requires_shipping": line.requires_shipping,
            "taxable": line.taxable,
            "weight_grams": line.weight_grams,
            "gift_card": line.gift_card,
            "price_trace": list(line.price_trace),
            "components": [{**part, "level_id": levels.get(int(part["variant_id"]))} for part in line.components],
        }
        for line in lines
    ]
    return insert_rows(session, OrderLine, rows)


def _insert_taxes(session: Session, order_id: int, priced: Priced, line_ids: Sequence[int]) -> None:
    rows = [
        _tax_row(order_id, line_id, tax)
        for line_id, line in zip(line_ids, priced.lines, strict=True)
        for tax in line.taxes
    ]
    rows += [_tax_row(order_id, None, tax) for tax in priced.shipping_taxes]
    insert_rows(session, TaxLine, rows)


def _tax_row(order_id: int, line_id: int | None, tax: DraftTax) -> dict[str, object]:
    return {
        "order_id": order_id,
        "order_line_id": line_id,
        "title": tax.title,
        "rate": Decimal(tax.rate),
        "amount": tax.amount,
        "included": tax.included,
        "source": tax.source,
    }
