"""Discounts for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from souk.discounts.drafts import DiscountDraft
from souk.discounts.save import save_discount


def make_discount(session: Session, code: str = "", value: Any = "10", **told: Any) -> int:
    """Make a discount on the whole order: by `code`, or automatic without one; `rules` are added to its value."""
    rules = {"value": value, **told.pop("rules", {})}
    method = "code" if code else "automatic"
    return save_discount(session, DiscountDraft(title=code or "Sale", method=method, code=code, rules=rules, **told))
