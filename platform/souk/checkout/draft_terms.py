"""What a draft order fixes in its checkout: prices, shipping, and how long the stock is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from souk.cart.queries import CartItem
from souk.kernel import clock
from souk.orders.goods import set_by_staff
from souk.shipping.provider import ShippingRate

CODE = "draft"


def is_draft(terms: Mapping[str, Any]) -> bool:
    return "draft_id" in terms


def with_prices(items: Sequence[CartItem], terms: Mapping[str, Any]) -> Sequence[CartItem]:
    """Return the items at the prices that staff set; what staff put into a draft is for sale."""
    prices = terms.get("prices", {})
    return [replace(_at(item, prices.get(str(item.variant_id))), for_sale=True) for item in items]


def _at(item: CartItem, price: int | None) -> CartItem:
    if price is None:
        return item
    return replace(item, unit_price=price, price_steps=set_by_staff(item.price_steps, item.unit_price, price))


def fixed_rate(terms: Mapping[str, Any]) -> list[ShippingRate]:
    """Return the one shipping rate of a draft that names one; empty where the buyer chooses among the shop's."""
    shipping = terms.get("shipping")
    if not shipping or terms.get("pickup"):
        return []
    return [ShippingRate(code=CODE, title=str(shipping["title"]), provider=CODE, amount=int(shipping["amount"]))]


def held_until(terms: Mapping[str, Any]) -> datetime | None:
    """Return until when a draft holds its stock; None when it does not, or no longer."""
    text = terms.get("reserved_until")
    until = datetime.fromisoformat(text) if text else None
    return until if until is not None and until > clock.now() else None
