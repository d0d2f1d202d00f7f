"""Count a use of a discount: held while the checkout is paid, let go when it is not, the order's afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from souk.discounts.errors import DiscountUsedUp
from souk.discounts.models import Discount, DiscountCode, DiscountRedemption
from souk.kernel import clock

Uses = Sequence[Mapping[str, Any]]


def redeem(session: Session, checkout_id: int, email: str, uses: Uses) -> None:
    """Take one use of each discount in `uses` ({discount_id, code_id, title, amount}) for a checkout.

    Budgets are kept in the shop's currency: a use in another one has `base_amount` beside it.

    The conditional update is the limit: whoever comes second waits for the first and finds nothing left. The rows are
    taken in the order of their ids, so that two buyers never wait for each other.

    Raises:
        DiscountUsedUp: roll back; nothing was counted.

    """
    for use in sorted(uses, key=lambda one: one["discount_id"]):
        per_customer = _count(session, use)
        if use["code_id"] is not None and not _count_code(session, use["code_id"]):
            raise DiscountUsedUp(use["title"])
        _write(session, checkout_id, email.lower(), use, per_customer)


def confirm(session: Session, checkout_id: int, order_id: int, email: str, uses: Uses) -> None:
    """Make the held uses those of the order; uses that were let go meanwhile are taken again.

    Raises:
        DiscountUsedUp: one was let go and somebody else took the last.

    """
    if not uses:
        return
    held = _mark(session, checkout_id, order_id)
    lost = [use for use in uses if use["discount_id"] not in held]
    if lost:
        redeem(session, checkout_id, email, lost)
        _mark(session, checkout_id, order_id)


def release(session: Session, checkout_id: int, uses: Uses) -> None:
    """Give back what a checkout holds; what became an order's stays counted."""
    if not uses:
        return
    gone = session.execute(
        delete(DiscountRedemption)
        .where(DiscountRedemption.checkout_id == checkout_id, DiscountRedemption.order_id.is_(None))
        .returning(DiscountRedemption.discount_id, DiscountRedemption.code_id, DiscountRedemption.amount)
    ).all()
    for row in sorted(gone, key=lambda row: row.discount_id):
        counters = {"used_count": Discount.used_count - 1, "spent": Discount.spent - row.amount}
        session.execute(update(Discount).where(Discount.id == row.discount_id).values(**counters))
        if row.code_id is not None:
            back = {"used_count": DiscountCode.used_count - 1}
            session.execute(update(DiscountCode).where(DiscountCode.id == row.code_id).values(**back))


def _count(session: Session, use: Mapping[str, Any]) -> int | None:
    now = clock.now()
    open_now: list[ColumnElement[bool]] = [
        Discount.status == "active",
        Discount.starts_at <= now,
        or_(Discount.ends_at.is_(None), Discount.ends_at > now),
        or_(Discount.usage_limit.is_(None), Discount.used_count < Discount.usage_limit),
        or_(Discount.budget.is_(None), Discount.spent + _spent(use) <= Discount.budget),
    ]
    row = session.execute(
        update(Discount)
        .where(Discount.id == use["discount_id"], *open_now)
        .values(used_count=Discount.used_count + 1, spent=Discount.spent + _spent(use))
        .returning(Discount.per_customer)
    ).first()
    if row is None:
        raise DiscountUsedUp(use["title"])
    limit: int | None = row.per_customer
    return limit


def _spent(use: Mapping[str, Any]) -> int:
    return int(use.get("base_amount", use["amount"]))


def _count_code(session: Session, code_id: int) -> bool:
    free = or_(DiscountCode.usage_limit.is_(None), DiscountCode.used_count < DiscountCode.usage_limit)
    counted = (
        update(DiscountCode).where(DiscountCode.id == code_id, free).values(used_count=DiscountCode.used_count + 1)
    )
    return session.execute(counted.returning(DiscountCode.id)).first() is not None


def _write(session: Session, checkout_id: int, buyer: str, use: Mapping[str, Any], per_customer: int | None) -> None:
    # The discount's row is locked: nobody else counts this buyer's uses at the same time.
    mine = (DiscountRedemption.discount_id == use["discount_id"], DiscountRedemption.buyer == buyer)
    number = select(func.coalesce(func.max(DiscountRedemption.use_number), 0) + 1).where(*mine).scalar_subquery()
    if per_customer is not None:
        used = session.execute(select(func.count()).select_from(DiscountRedemption).where(*mine)).scalar_one()
        if used >= per_customer:
            raise DiscountUsedUp(use["title"])
    session.execute(
        insert(DiscountRedemption).values(
            discount_id=use["discount_id"],
            code_id=use["code_id"],
            checkout_id=checkout_id,
            buyer=buyer,
            use_number=number,
            amount=_spent(use),
        )
    )


def _mark(session: Session, checkout_id: int, order_id: int) -> set[int]:
    marked = (
        update(DiscountRedemption)
        .where(DiscountRedemption.checkout_id == checkout_id)
        .values(order_id=order_id)
        .returning(DiscountRedemption.discount_id)
    )
    return set(session.execute(marked).scalars())
