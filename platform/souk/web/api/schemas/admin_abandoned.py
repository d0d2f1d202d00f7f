"""Abandoned checkouts as an app reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from souk.web.api.schemas.common import Money, Shape
from souk.web.api.schemas.paging import CursorPage, CursorParameters


class AbandonedCheckout(Shape):
    """`value` in major units. `order_id` is the order that came of it. `reminded_at` is when a mail was asked for,
    `returned_at` when its link was first opened.
    """

    id: str
    status: Literal["open", "recovered", "expired"]
    email: str
    name: str
    customer_id: str | None
    accepts_marketing: bool
    value: Money
    currency: str
    order_id: str | None
    recovery_url: str
    reminded_at: datetime | None
    returned_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AbandonedCheckoutPage(CursorPage):
    abandoned_checkouts: list[AbandonedCheckout]


class AbandonedParameters(CursorParameters):
    status: Literal["open", "recovered", "expired"] | None = None
