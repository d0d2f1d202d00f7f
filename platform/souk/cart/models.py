"""Carts and their lines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Cart(TenantBase):
    """`token` is a random secret kept in the shopper's cookie."""

    __tablename__ = "carts"
    __table_args__ = (
        UniqueConstraint("token"),
        Index("ix_carts_customer_id", "customer_id"),
        Index("ix_carts_expires_at", "expires_at"),
        Index("ix_carts_recovered_from", "recovered_from", postgresql_where=text("recovered_from IS NOT NULL")),
    )

    id: Mapped[Key]
    token: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    currency: Mapped[str]
    # The country that the buyer chose, '' for the shop's own: until an address is known it decides about prices.
    country: Mapped[str] = mapped_column(default="", server_default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    # Codes that the buyer entered, in capitals; whether they count is calculated each time.
    discount_codes: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    # The abandoned checkout whose link brought the goods here: an order of this cart is its revenue.
    recovered_from: Mapped[int | None]
    completed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class CartLine(TenantBase):
    """`unit_price` is what was shown when the line was added; a later change is told, never charged in silence."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity > 0 AND quantity <= 10000", name="quantity"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        Index("ix_cart_lines_variant_id", "variant_id"),
    )

    id: Mapped[Key]
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    unit_price: Mapped[int]
    created_at: Mapped[CreatedAt]
