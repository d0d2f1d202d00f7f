"""Make or change a discount."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from souk.discounts.check import check_draft
from souk.discounts.drafts import DiscountDraft
from souk.discounts.enter_code import normalize_code
from souk.discounts.errors import CodeTaken, DiscountInvalid, UnknownDiscount
from souk.discounts.models import Discount, DiscountCode
from souk.kernel import clock


def save_discount(session: Session, draft: DiscountDraft, discount_id: int | None = None) -> int:
    """Return the id of the discount, a new one without `discount_id`. Orders keep what they were given.

    Raises:
        UnknownDiscount, DiscountInvalid, CodeTaken: nothing was changed.

    """
    rules = check_draft(draft)
    values: dict[str, Any] = {
        "title": draft.title.strip(),
        "method": draft.method,
        "status": draft.status,
        "kind": draft.kind,
        "value_type": draft.value_type,
        "rules": rules,
        "combines_with": sorted(set(draft.combines_with)),
        "usage_limit": draft.usage_limit,
        "per_customer": draft.per_customer,
        "budget": draft.budget,
        "starts_at": draft.starts_at or clock.now(),
        "ends_at": draft.ends_at,
        "updated_at": clock.now(),
    }
    if values["ends_at"] is not None and values["ends_at"] <= values["starts_at"]:
        raise DiscountInvalid("ends_at", "The discount ends before it starts; choose a later end.")
    saved = _insert(session, values) if discount_id is None else _update(session, discount_id, values)
    _keep_code(session, saved, draft)
    return saved


def delete_discount(session: Session, discount_id: int) -> None:
    """Delete a discount with its codes; orders keep what it took off. Raises UnknownDiscount."""
    gone = delete(Discount).where(Discount.id == discount_id).returning(Discount.id)
    if session.execute(gone).first() is None:
        raise UnknownDiscount


def _insert(session: Session, values: dict[str, Any]) -> int:
    return session.execute(insert(Discount).values(**values).returning(Discount.id)).scalar_one()


def _update(session: Session, discount_id: int, values: dict[str, Any]) -> int:
    locked = select(Discount.used_count, Discount.spent).where(Discount.id == discount_id).with_for_update()
    row = session.execute(locked).first()
    if row is None:
        raise UnknownDiscount
    for name, used in (("usage_limit", row.used_count), ("budget", row.spent)):
        if values[name] is not None and values[name] < used:
            cure = f"{name.replace('_', ' ').capitalize()} is already exceeded: {used}. Disable the discount to end it."
            raise DiscountInvalid(name, cure)
    session.execute(update(Discount).where(Discount.id == discount_id).values(**values))
    return discount_id


def _keep_code(session: Session, discount_id: int, draft: DiscountDraft) -> None:
    if draft.method != "code" or not draft.code.strip():
        return
    code = normalize_code(draft.code)
    if not code:
        raise DiscountInvalid("code", "A code is made of letters, digits and _ . % + -, at most 60 of them.")
    row = upsert(DiscountCode).values(discount_id=discount_id, code=code, created_at=clock.now())
    session.execute(row.on_conflict_do_nothing(index_elements=[DiscountCode.code]))
    owner = session.execute(select(DiscountCode.discount_id).where(DiscountCode.code == code)).scalar_one()
    if owner != discount_id:
        raise CodeTaken(code)
