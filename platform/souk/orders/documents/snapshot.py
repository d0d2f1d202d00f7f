"""Copy all that a document prints, so that nothing that changes later can change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from souk.kernel.goods_names import Names, read_names
from souk.kernel.settings import read_setting
from souk.orders.documents.taxes import credited_taxes, tax_summary
from souk.orders.read import OrderView
from souk.tax.relief import relief_in

Snapshot = dict[str, Any]


def shop_block(session: Session) -> Snapshot:
    """Return who issues: name, e-mail, and what the merchant wants printed (address, tax number, footer)."""
    shop, papers = read_setting(session, "shop"), read_setting(session, "documents")
    return {
        "name": str(papers.get("legal_name") or shop.get("name") or "Shop"),
        "email": str(shop.get("email") or ""),
        "address": str(papers.get("address") or ""),
        "tax_number": str(papers.get("tax_number") or ""),
        "footer": str(papers.get("footer") or ""),
    }


def of_order(session: Session, order: OrderView) -> Snapshot:
    """Return an invoice's content; amounts in minor units of `currency`."""
    lines = [line for line in order.lines if line.quantity]
    names = read_names(session, order.locale, lines)
    return {
        "shop": shop_block(session),
        "order": order.name,
        "currency": order.currency,
        "bill_to": order.billing_address,
        **({_goes(order): order.shipping_address} if any(line.requires_shipping for line in lines) else {}),
        "lines": [_line(line, names) for line in lines],
        "sums": _sums(order),
        "taxes": tax_summary(order),
        "total": order.total,
        "relief": relief_in(line.price_trace for line in lines),
    }


def of_refund(session: Session, order: OrderView, refund: Any, invoice: str) -> Snapshot:
    """Return a credit note's content: what was given back, why, and the tax that is in it."""
    titles, names = {line.id: line for line in order.lines}, read_names(session, order.locale, order.lines)
    lines = [
        {**_line(titles[one["order_line_id"]], names), "quantity": one["quantity"], "amount": None}
        for one in refund.lines
        if one["order_line_id"] in titles
    ]
    return {
        "shop": shop_block(session),
        "order": order.name,
        "invoice": invoice,
        "currency": order.currency,
        "bill_to": order.billing_address,
        "reason": refund.reason,
        "lines": lines,
        "sums": [["shipping", refund.shipping_amount]] if refund.shipping_amount else [],
        "taxes": credited_taxes(order, refund),
        "total": refund.amount,
    }


def of_cancellation(snapshot: Mapping[str, Any], invoice: str, reason: str) -> Snapshot:
    """Return the credit note that takes a whole invoice back."""
    return {**snapshot, "invoice": invoice, "reason": reason}


def of_parcel(session: Session, order: OrderView, parcel: Any) -> Snapshot:
    """Return a packing slip's content: what is in one parcel, without prices."""
    titles, names = {line.id: line for line in order.lines}, read_names(session, order.locale, order.lines)
    lines = [
        {**_line(titles[part.order_line_id], names), "quantity": part.quantity, "unit_price": None, "amount": None}
        for part in order.parcels.get(parcel.id, ())
        if part.order_line_id in titles
    ]
    return {
        "shop": shop_block(session),
        "order": order.name,
        "currency": order.currency,
        _goes(order): order.shipping_address,
        "carrier": parcel.tracking_company,
        "tracking": parcel.tracking_number,
        "lines": lines,
        "sums": [],
        "taxes": [],
        "total": None,
    }


def _goes(order: OrderView) -> str:
    return "pick_up_at" if order.shipping_line.get("pickup") else "ship_to"


def _line(line: Any, names: Names) -> Snapshot:
    variant = "" if line.variant_title == "Default Title" else names.variant(line)
    return {
        "title": names.title(line),
        "variant": variant,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": line.subtotal,
    }


def _sums(order: OrderView) -> list[list[Any]]:
    parts = [
        ("subtotal", order.subtotal), ("discount", -order.discount_total), ("shipping", order.shipping_total),
        ("tax", order.additional_tax_total), ("tax_included", order.included_tax_total),
    ]  # fmt: skip
    return [[name, amount] for name, amount in parts if amount or name == "subtotal"]
