"""What somebody wants a discount to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

METHODS = ("code", "automatic")
STATUSES = ("active", "disabled")
VALUE_TYPES = ("percentage", "fixed_amount", "free_shipping", "buy_x_get_y")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountDraft:
    """`rules` are as `Discount` keeps them; `code` is the one code of a discount by code, empty for bulk codes only.

    Money in minor units of the shop's currency; without `starts_at` the discount starts now.
    """

    title: str
    method: str = "code"
    code: str = ""
    status: str = "active"
    kind: str = "order"
    value_type: str = "percentage"
    rules: Mapping[str, Any] = field(default_factory=dict)
    combines_with: Sequence[str] = ()
    usage_limit: int | None = None
    per_customer: int | None = None
    budget: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
