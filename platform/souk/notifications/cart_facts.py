"""What the mail about an abandoned checkout tells, as its event carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.notifications.facts import LineFacts, written
from souk.orders.models import Order


@dataclass(frozen=True, slots=True)
class CartFacts:
    """`token` is the secret of the link that brings the goods back; `total` is written out."""

    token: str
    email: str
    name: str
    locale: str
    total: str
    since: datetime
    lines: tuple[LineFacts, ...]


def cart_facts(told: Mapping[str, Any]) -> CartFacts:
    """Return the facts of a payload of `checkout.abandoned`."""
    currency, locale = str(told["currency"]), str(told["locale"])
    lines = tuple(LineFacts(one["title"], one["variant_title"], one["quantity"], "") for one in told["lines"])
    total, since = written(told["total"], currency, locale), datetime.fromisoformat(str(told["since"]))
    return CartFacts(str(told["token"]), str(told["email"]), str(told["name"]), locale, total, since, lines)


def bought_since(session: Session, email: str, since: datetime) -> bool:
    """Tell whether somebody with this address has ordered since a moment."""
    found = select(Order.id).where(Order.email == email, Order.placed_at >= since).limit(1)
    return session.execute(found).first() is not None
