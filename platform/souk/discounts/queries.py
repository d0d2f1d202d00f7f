"""Read discounts for people who manage them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from souk.discounts.errors import UnknownDiscount
from souk.discounts.models import Discount, DiscountCode, DiscountRedemption
from souk.kernel import clock
from souk.orders.models import Order

State = Literal["active", "scheduled", "expired", "used_up", "disabled"]


@dataclass(frozen=True, slots=True)
class DiscountView:
    """`status` is `active`, `scheduled`, `expired`, `used_up` or `disabled` now; `code` is the first of `codes`."""

    id: int
    title: str
    method: str
    stored_status: str
    kind: str
    value_type: str
    rules: Mapping[str, Any]
    combines_with: Sequence[str]
    usage_limit: int | None
    per_customer: int | None
    budget: int | None
    used_count: int
    spent: int
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime
    code: str
    codes: int

    @property
    def status(self) -> State:
        now = clock.now()
        if self.stored_status != "active":
            return "disabled"
        if self.starts_at > now:
            return "scheduled"
        if self.ends_at is not None and self.ends_at <= now:
            return "expired"
        full = self.usage_limit is not None and self.used_count >= self.usage_limit
        return "used_up" if full or (self.budget is not None and self.spent >= self.budget) else "active"


_CODE = (
    select(DiscountCode.code)
    .where(DiscountCode.discount_id == Discount.id)
    .order_by(DiscountCode.id)
    .limit(1)
    .scalar_subquery()
)
_CODES = select(func.count()).where(DiscountCode.discount_id == Discount.id).scalar_subquery()
_COLUMNS: tuple[Any, ...] = (
    Discount.id, Discount.title, Discount.method, Discount.status.label("stored_status"), Discount.kind,
    Discount.value_type, Discount.rules, Discount.combines_with, Discount.usage_limit, Discount.per_customer,
    Discount.budget, Discount.used_count, Discount.spent, Discount.starts_at, Discount.ends_at, Discount.created_at,
    Discount.updated_at, func.coalesce(_CODE, "").label("code"), _CODES.label("codes"),
)  # fmt: skip


def list_discounts(
    session: Session, *where: ColumnElement[bool], query: str = "", page: int = 1, limit: int = 50
) -> tuple[list[DiscountView], int]:
    """Return one page, newest first, and how many there are; `query` is part of a title or a code's beginning."""
    wanted = [*where]
    if query:
        by_code = select(DiscountCode.discount_id).where(DiscountCode.code.startswith(query.upper(), autoescape=True))
        wanted.append(or_(Discount.title.icontains(query, autoescape=True), Discount.id.in_(by_code)))
    total = session.execute(select(func.count(Discount.id)).where(*wanted)).scalar_one()
    rows = select(*_COLUMNS).where(*wanted).order_by(Discount.id.desc()).offset((page - 1) * limit).limit(limit)
    return [DiscountView(*row) for row in session.execute(rows)], total


def discounts_after(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> list[DiscountView]:
    """Return up to `limit` discounts for a list that is walked by cursor, newest first."""
    rows = select(*_COLUMNS).where(*where).order_by(Discount.id.desc()).limit(limit)
    return [DiscountView(*row) for row in session.execute(rows)]


def read_discount(session: Session, discount_id: int) -> DiscountView:
    """Raises UnknownDiscount."""
    row = session.execute(select(*_COLUMNS).where(Discount.id == discount_id)).first()
    if row is None:
        raise UnknownDiscount
    return DiscountView(*row)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a discount has done: `saved` and `sold` in minor units; `latest` are its newest orders."""

    orders: int
    buyers: int
    saved: int
    sold: int
    held: int
    latest: Sequence[Any]


def usage_of(session: Session, discount_id: int, limit: int = 20) -> Usage:
    """Return the report of one discount; `held` counts the checkouts that are being paid at this moment."""
    of_it = DiscountRedemption.discount_id == discount_id
    used = DiscountRedemption.order_id.is_not(None)
    sums = select(
        func.count().filter(used),
        func.count(DiscountRedemption.buyer.distinct()).filter(used),
        func.coalesce(func.sum(DiscountRedemption.amount).filter(used), 0),
        func.coalesce(func.sum(func.round(Order.total * Order.to_base)).filter(used), 0),
        func.count().filter(~used),
    ).select_from(DiscountRedemption).outerjoin(Order, Order.id == DiscountRedemption.order_id)  # fmt: skip
    orders, buyers, saved, sold, held = session.execute(sums.where(of_it)).one()
    latest = (
        select(Order.id, Order.name, Order.email, Order.total, Order.currency, Order.placed_at,
               DiscountRedemption.amount, DiscountCode.code)
        .join(Order, Order.id == DiscountRedemption.order_id)
        .outerjoin(DiscountCode, DiscountCode.id == DiscountRedemption.code_id)
        .where(of_it)
        .order_by(DiscountRedemption.id.desc())
        .limit(limit)
    )  # fmt: skip
    return Usage(orders, buyers, int(saved), int(sold), held, session.execute(latest).all())
