"""For whom staff put goods into an order: whose lists and currency decide what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from souk.customers.models import Customer
from souk.inventory.pickup import pickup_place
from souk.pricing.rules import Market, Rules, read_rules


def draft_market(session: Session, content: Mapping[str, Any], currency: str) -> Market:
    """Return the market of a draft: where it goes or is collected, and the groups of the customer whom staff named."""
    rules = read_rules(session)
    place = pickup_place(session, content["pickup"]) if content.get("pickup") else None
    address = content["shipping_address"] if place is None else place.address
    country = str((address or {}).get("country", "")).upper() or rules.home
    return Market(currency, country, _groups(session, rules, Customer.email == content["email"]))


def order_market(session: Session, order: Any) -> Market:
    """Return the market of an order that stands, a row with currency, shipping_address and customer_id."""
    rules = read_rules(session)
    country = str(order.shipping_address.get("country", "")) or rules.home
    return Market(order.currency, country, _groups(session, rules, Customer.id == order.customer_id))


def _groups(session: Session, rules: Rules, whose: ColumnElement[bool]) -> frozenset[str]:
    # Nothing is read in a shop whose lists are for everybody.
    tags = session.execute(select(Customer.tags).where(whose)).scalar_one_or_none() if rules.groups else None
    return frozenset(tags or ())
