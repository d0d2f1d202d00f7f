"""What discounts ask about a buyer, read only when a discount asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.customers.models import Customer
from souk.discounts.models import DiscountRedemption
from souk.discounts.terms import BuyerFacts, Terms
from souk.orders.models import Order


@dataclass(frozen=True, slots=True)
class Claim:
    """Who buys, as far as it is known, and the codes that they entered.

    `checkout_id` leaves out the uses that this very checkout holds.
    """

    codes: Sequence[str] = ()
    customer_id: int | None = None
    email: str = ""
    checkout_id: int | None = None


NOBODY = Claim()


def buyer_facts(session: Session, offers: Sequence[Terms], claim: Claim) -> BuyerFacts:
    """Return the facts that `offers` ask for; nothing is read when none asks or nobody is known."""
    if not claim.email and claim.customer_id is None:
        return BuyerFacts()
    asks = any(terms.tags or terms.first_order for terms in offers)
    limited = [terms.id for terms in offers if terms.per_customer is not None]
    tags, orders = _account(session, claim) if asks else (frozenset[str](), None)
    return BuyerFacts(tags, orders, _uses(session, limited, claim) if limited and claim.email else {})


def _account(session: Session, claim: Claim) -> tuple[frozenset[str], int]:
    # Tags need the account itself: whoever types somebody's address does not get that person's prices.
    tags = select(Customer.tags).where(Customer.id == claim.customer_id).scalar_subquery()
    # None would be compared as IS NULL: every guest's orders would be this guest's.
    known = {Order.customer_id: claim.customer_id, Order.email: claim.email or None}
    own = or_(*(column == value for column, value in known.items() if value is not None))
    orders = select(func.count(Order.id)).where(own, Order.status != "canceled").scalar_subquery()
    row = session.execute(select(tags.label("tags"), orders.label("orders"))).one()
    return frozenset(row.tags or ()), int(row.orders)


def _uses(session: Session, discounts: Sequence[int], claim: Claim) -> dict[int, int]:
    uses = DiscountRedemption
    rows = session.execute(
        select(uses.discount_id, func.count())
        .where(
            uses.discount_id.in_(discounts),
            uses.buyer == claim.email.lower(),
            uses.checkout_id.is_distinct_from(claim.checkout_id),
        )
        .group_by(uses.discount_id)
    )
    return {row[0]: int(row[1]) for row in rows}
