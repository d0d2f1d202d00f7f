"""Price lists and the prices that they fix."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class PriceList(TenantBase):
    """For whom it holds: `currency` ('' is every one), `countries` and `tags` (empty are all countries, all buyers).

    `percent` changes every price: -10 takes a tenth off, null leaves what the list does not name. `breaks`, ascending:
    [{"from": 10, "percent": "-5"}], taken off the list's own price when that many of one variant are bought.
    """

    __tablename__ = "price_lists"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("status IN ('active', 'disabled')", name="status"),
        CheckConstraint("percent > -100 AND percent <= 1000", name="percent"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[Key]
    name: Mapped[str]
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    currency: Mapped[str] = mapped_column(default="", server_default="")
    countries: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    # Customer groups: the tags that staff put on a customer.
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    percent: Mapped[Decimal | None]
    breaks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    # Among lists that are equally narrow the highest wins.
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class ListPrice(TenantBase):
    """What one unit costs in a list when at least `min_quantity` are bought, in minor units of the list's currency."""

    __tablename__ = "price_list_prices"
    __table_args__ = (
        UniqueConstraint("price_list_id", "variant_id", "min_quantity"),
        CheckConstraint("min_quantity >= 1 AND min_quantity <= 10000", name="min_quantity"),
        CheckConstraint("price >= 0 AND compare_at_price >= 0", name="prices"),
        Index("ix_price_list_prices_variant_id", "variant_id"),
    )

    id: Mapped[Key]
    price_list_id: Mapped[int] = mapped_column(ForeignKey("price_lists.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    min_quantity: Mapped[int] = mapped_column(default=1, server_default="1")
    price: Mapped[int]
    compare_at_price: Mapped[int | None]
