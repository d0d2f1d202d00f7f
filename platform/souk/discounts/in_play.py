"""Read the discounts that could apply: the automatic ones of the moment, and those of the entered codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from souk.discounts.models import Discount, DiscountCode
from souk.discounts.terms import BuyGet, Scope, Terms
from souk.kernel import clock
from souk.kernel.statement import Statement

COLUMNS: tuple[Any, ...] = (
    Discount.id, Discount.title, Discount.status, Discount.kind, Discount.value_type, Discount.rules,
    Discount.combines_with, Discount.usage_limit, Discount.per_customer, Discount.budget, Discount.used_count,
    Discount.spent, Discount.starts_at, Discount.ends_at,
)  # fmt: skip
_NOW: BindParameter[datetime] = bindparam("now")
_CODES = bindparam("codes", type_=ARRAY(Text))
_RUNNING = and_(
    Discount.method == "automatic",
    Discount.status == "active",
    Discount.starts_at <= _NOW,
    or_(Discount.ends_at.is_(None), Discount.ends_at > _NOW),
)
_IN_PLAY = Statement[Any](
    select(*COLUMNS, DiscountCode.id.label("code_id"), DiscountCode.code, DiscountCode.usage_limit.label("code_limit"),
           DiscountCode.used_count.label("code_used"))
    .outerjoin(
        DiscountCode,
        and_(DiscountCode.discount_id == Discount.id, DiscountCode.code == _CODES.any_()),
    )
    .where(or_(_RUNNING, DiscountCode.id.is_not(None)))
    .order_by(Discount.id, DiscountCode.id)
)  # fmt: skip


def discounts_in_play(session: Session, codes: Sequence[str]) -> list[Terms]:
    """Return the discounts that could apply now, in one statement; a code that is closed says why."""
    now = clock.now()
    rows = _IN_PLAY.all(session, codes=list(codes), now=now)
    # Two codes of one discount are one discount.
    return list({row.id: terms_of(row, now) for row in reversed(rows)}.values())[::-1]


def terms_of(row: Any, now: datetime) -> Terms:
    """Return a row with COLUMNS and its code as the calculation takes it."""
    rules, code_id = row.rules, getattr(row, "code_id", None)
    minimum, customers = rules.get("minimum", {}), rules.get("customers", {})
    return Terms(
        id=row.id,
        title=row.title,
        kind=row.kind,
        value_type=row.value_type,
        value=Decimal(str(rules.get("value", 0))),
        code=row.code if code_id else "",
        code_id=code_id,
        applies_to=Scope.of(rules.get("applies_to", {})),
        buy_get=_buy_get(rules) if row.value_type == "buy_x_get_y" else None,
        minimum_subtotal=minimum.get("subtotal", 0),
        minimum_quantity=minimum.get("quantity", 0),
        tags=frozenset(customers.get("tags", ())),
        first_order=bool(customers.get("first_order")),
        per_customer=row.per_customer,
        countries=frozenset(rules.get("countries", ())),
        max_shipping=rules.get("max_shipping"),
        combines_with=frozenset(row.combines_with),
        budget_left=None if row.budget is None else row.budget - row.spent,
        closed=_closed(row, now, code_id),
    )


def _buy_get(rules: Mapping[str, Any]) -> BuyGet:
    buys, gets = rules["buys"], rules["gets"]
    return BuyGet(Scope.of(buys), buys["quantity"], Scope.of(gets), gets["quantity"], rules.get("uses_per_order"))


def _closed(row: Any, now: datetime, code_id: int | None) -> str:
    if row.status != "active" or (row.ends_at is not None and row.ends_at <= now):
        return "expired"
    if row.starts_at > now:
        return "not_yet"
    full = row.usage_limit is not None and row.used_count >= row.usage_limit
    code_full = code_id is not None and row.code_limit is not None and row.code_used >= row.code_limit
    return "used_up" if full or code_full else ""
