"""Discounts, their codes and every use of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Discount(TenantBase):
    """`kind` is its class: what it lowers. `combines_with` lists the classes that it may stand beside; empty is none.

    `rules`, everything but `value` optional: {"value": "15" (per cent) or 500 (minor units), "applies_to": {"products":
    [1], "collections": [2]}, "buys": {"quantity": 2, "products", "collections"}, "gets": {"quantity": 1, "products",
    "collections"}, "uses_per_order": 3, "minimum": {"subtotal": 5000, "quantity": 3}, "customers": {"tags": ["vip"],
    "first_order": true}, "countries": ["DE"], "max_shipping": 1000}. The counters are kept by `redeem` and `release`.
    """

    __tablename__ = "discounts"
    __table_args__ = (
        CheckConstraint("method IN ('code', 'automatic')", name="method"),
        CheckConstraint("status IN ('active', 'disabled')", name="status"),
        CheckConstraint("kind IN ('product', 'order', 'shipping')", name="kind"),
        CheckConstraint(
            "value_type IN ('percentage', 'fixed_amount', 'free_shipping', 'buy_x_get_y')", name="value_type"
        ),
        CheckConstraint("used_count >= 0 AND (usage_limit IS NULL OR used_count <= usage_limit)", name="usage"),
        CheckConstraint("spent >= 0 AND (budget IS NULL OR spent <= budget)", name="budget"),
        CheckConstraint("per_customer > 0", name="per_customer"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        Index("ix_discounts_automatic", "id", postgresql_where=text("method = 'automatic' AND status = 'active'")),
    )

    id: Mapped[Key]
    title: Mapped[str]
    method: Mapped[str]
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    kind: Mapped[str]
    value_type: Mapped[str]
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    combines_with: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    usage_limit: Mapped[int | None]
    per_customer: Mapped[int | None]
    # What all orders together may save by it, in minor units.
    budget: Mapped[int | None]
    used_count: Mapped[int] = mapped_column(default=0, server_default="0")
    spent: Mapped[int] = mapped_column(default=0, server_default="0")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class DiscountCode(TenantBase):
    """What a buyer types, in capitals; codes made in bulk have a limit of their own."""

    __tablename__ = "discount_codes"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code = upper(code)", name="code_upper"),
        CheckConstraint("used_count >= 0 AND (usage_limit IS NULL OR used_count <= usage_limit)", name="usage"),
        Index("ix_discount_codes_discount_id", "discount_id", "id"),
    )

    id: Mapped[Key]
    discount_id: Mapped[int] = mapped_column(ForeignKey("discounts.id", ondelete="CASCADE"))
    code: Mapped[str]
    usage_limit: Mapped[int | None]
    used_count: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[CreatedAt]


class DiscountRedemption(TenantBase):
    """One use: held for a checkout while it is paid, an order's from then on.

    `use_number` counts the uses of one buyer (a lower-case address), so that two payments at once cannot both be the
    last one that is allowed.
    """

    __tablename__ = "discount_redemptions"
    __table_args__ = (
        UniqueConstraint("discount_id", "checkout_id"),
        UniqueConstraint("discount_id", "buyer", "use_number"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_discount_redemptions_checkout_id", "checkout_id"),
        Index("ix_discount_redemptions_order_id", "order_id"),
        Index("ix_discount_redemptions_code_id", "code_id"),
    )

    id: Mapped[Key]
    discount_id: Mapped[int] = mapped_column(ForeignKey("discounts.id", ondelete="CASCADE"))
    code_id: Mapped[int | None] = mapped_column(ForeignKey("discount_codes.id", ondelete="SET NULL"))
    checkout_id: Mapped[int]
    order_id: Mapped[int | None]
    buyer: Mapped[str]
    use_number: Mapped[int]
    amount: Mapped[int]
    created_at: Mapped[CreatedAt]
