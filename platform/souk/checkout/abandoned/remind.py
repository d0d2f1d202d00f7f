"""Write to buyers who left a checkout, once, as far as they and the shop allow it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from souk.cart.models import Cart
from souk.cart.queries import items_of
from souk.checkout.abandoned.link import sign
from souk.checkout.abandoned.policy import ReminderPolicy, read_policy
from souk.checkout.models import Checkout
from souk.customers.consents import last_words
from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.db import scope_of, transaction
from souk.kernel.events import Event
from souk.kernel.goods_names import read_names
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order

BATCH = 100
# Who left something longer ago has bought elsewhere or has forgotten it.
TOO_OLD = timedelta(days=14)
# Nobody hears of a second cart within this time.
QUIET = timedelta(days=7)


def remind_abandoned(scope: TenantScope) -> int:
    """Ask for the mails of one shop that are due; returns how many. It may run twice at once."""
    with transaction(scope) as session:
        policy = read_policy(session)
        if policy.mode == "off":
            return 0
        return sum(_remind(session, row) for row in _due(session, policy))


def _due(session: Session, policy: ReminderPolicy) -> list[Any]:
    rows = session.execute(_candidates(clock.now(), policy)).all()
    said = last_words(session, [row.email for row in rows])
    return [row for row in rows if may_write(policy.mode, row, said.get(row.email))]


def may_write(mode: str, left: Any, said: tuple[bool, datetime] | None) -> bool:
    """Tell whether the shop may write: `left` has accepts_marketing, customer_agreed and created_at."""
    if said is not None and not said[0]:
        # Who took it back is left alone, unless they ticked the box again at this very checkout.
        return bool(left.accepts_marketing) and said[1] < left.created_at
    return mode == "everybody" or bool(left.accepts_marketing or left.customer_agreed)


def _candidates(now: datetime, policy: ReminderPolicy) -> Any:
    other = aliased(Checkout)
    newer_or_told = exists().where(
        other.email == Checkout.email,
        other.id != Checkout.id,
        (other.reminded_at > now - QUIET) | (other.id > Checkout.id),
    )
    bought = exists().where(Order.email == Checkout.email, Order.placed_at >= Checkout.created_at)
    columns = (
        Checkout.id, Checkout.email, Checkout.cart_id, Checkout.currency, Checkout.locale, Checkout.totals,
        Checkout.accepts_marketing, Checkout.created_at, Checkout.shipping_address,
        func.coalesce(Customer.accepts_marketing, False).label("customer_agreed"),
    )  # fmt: skip
    return (
        select(*columns)
        .join(Cart, Cart.id == Checkout.cart_id)
        .outerjoin(Customer, Customer.email == Checkout.email)
        .where(
            Checkout.status.in_(["open", "expired"]),
            Checkout.email != "",
            Checkout.source == "storefront",
            Checkout.created_at > now - TOO_OLD,
            Checkout.updated_at < now - policy.after,
            Checkout.reminded_at.is_(None),
            Cart.completed_at.is_(None),
            Cart.expires_at > now,
            ~bought,
            ~newer_or_told,
        )
        .order_by(Checkout.id)
        .limit(BATCH)
    )


def _remind(session: Session, row: Any) -> bool:
    """Ask for one mail; False when somebody else has, or there is nothing left to buy."""
    items = [item for item in items_of(session, row.cart_id) if item.for_sale]
    claimed = update(Checkout).where(Checkout.id == row.id, Checkout.reminded_at.is_(None))
    # Marked also when the cart is empty: it would be looked at again every few minutes.
    ours = session.execute(claimed.values(reminded_at=clock.now()).returning(Checkout.id)).first()
    if ours is None or not items:
        return False
    publish(session, Event("checkout.abandoned", row.id, _facts(session, row, items)))
    return True


def _facts(session: Session, row: Any, items: Sequence[Any]) -> Mapping[str, Any]:
    total, names = sum(item.subtotal for item in items), read_names(session, row.locale, items)
    return {
        "token": sign(scope_of(session).tenant_id, row.id),
        "email": row.email,
        "name": str(row.shipping_address.get("name", "")),
        "locale": row.locale,
        "currency": row.currency,
        "total": int(row.totals.get("total") or total),
        "since": row.created_at.isoformat(),
        "lines": [
            {"title": names.title(item), "variant_title": names.variant(item), "quantity": item.quantity}
            for item in items
        ],
    }
