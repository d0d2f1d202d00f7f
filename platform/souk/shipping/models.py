"""Shipping zones with their rates."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class ShippingZone(TenantBase):
    """`profile` names the goods that it sends, '' all that are in no other; see `souk.shipping.profiles`.

    `countries` are parts of the world as `souk.shipping.reach` reads them: DE, US-CA, ES/35, `*`.

    `rates`: [{"code", "title", "provider": "flat_rate", "price": minor units, "min_weight_grams",
    "max_weight_grams", "min_subtotal", "max_subtotal", "delivery_days": [2, 4]}]
    """

    __tablename__ = "shipping_zones"

    id: Mapped[Key]
    name: Mapped[str]
    countries: Mapped[list[str]]
    rates: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    profile: Mapped[str] = mapped_column(default="", server_default="")
    position: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
