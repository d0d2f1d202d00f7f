"""What a tax provider is asked about a cart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from souk.cart.queries import CartItem
from souk.discounts.terms import Outcome
from souk.tax.policy import Policy
from souk.tax.provider import TaxedGoods, TaxRequest, sale_to


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
    return sale_to(
        address,
        day,
        origin=policy.country,
        currency=currency,
        included=policy.included,
        shipping=shipping - outcome.shipping,
        items=(
            TaxedGoods(item.sku, item.title, item.tax_class, item.quantity, item.subtotal - outcome.of_line(index))
            for index, item in enumerate(items)
            if is_taxed(item)
        ),
    )
