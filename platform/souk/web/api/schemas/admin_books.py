"""Whether the books of a shop balance, as an app reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from souk.web.api.schemas.common import Shape


class DriftView(Shape):
    """Two numbers that should be one. `repair` names what `/books/repairs` does about it for `subject_id`; empty where
    a person has to decide, as `advice` says.
    """

    area: Literal["orders", "payments", "provider", "gift cards", "store credit", "documents", "stock"]
    subject: str
    subject_id: int
    text: str
    advice: str
    repair: str


class BooksView(Shape):
    """`checked_at` is null before the first check; `total` counts also what is not listed beyond 200."""

    checked_at: datetime | None
    total: int
    drifts: list[DriftView]


class CheckBooks(Shape):
    """`ask_providers`: whether the payment providers say again what they moved."""

    ask_providers: bool = True


class RepairBooks(Shape):
    repair: str = Field(min_length=1, max_length=40)
    subject_id: int = Field(ge=0, lt=2**63)
