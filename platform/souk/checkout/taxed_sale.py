"""What a tax provider is asked about a cart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from souk.addresses.postal import postal_key
from souk.cart.queries import CartItem
from souk.discounts.terms import Outcome
from souk.tax.policy import Policy
from souk.tax.provider import TaxedGoods, TaxRequest


def is_taxed(item: CartItem) -> bool:
    """Tell whether tax may be due; a gift card is money in another form, and tax is due on what it buys one day."""
    return item.taxable and not item.gift_card


def request_of(
    items: Sequence[CartItem],
    outcome: Outcome,
    policy: Policy,
    day: date,
    address: Mapping[str, Any],
    *,
    currency: str,
    shipping: int,
) -> TaxRequest:
    """Return where the goods go and what is paid for each line that may be taxed, discounts taken off."""
    country = str(address.get("country") or "")
    return TaxRequest(
        day=day.isoformat(),
        origin=policy.country,
        country=country,
        province=str(address.get("state") or "").upper(),
        postal_key=postal_key(country, address.get("postal_code") or ""),
        city=str(address.get("city") or ""),
        currency=currency,
        prices_include_tax=policy.included,
        tax_number=str(address.get("tax_number") or ""),
        shipping=shipping - outcome.shipping,
        items=tuple(
            TaxedGoods(item.sku, item.title, item.tax_class, item.quantity, item.subtotal - outcome.of_line(index))
            for index, item in enumerate(items)
            if is_taxed(item)
        ),
    )
