"""The checkout: what a shopper has told on the way from cart to order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Checkout(TenantBase):
    """`completing_at` is set while the payment runs outside any transaction; the sweep takes over when it is old.

    Addresses: {name, line1, line2, city, state, postal_code, country, phone}, and company and tax_number where
    given. `shipping_rate`: {code, title, provider, amount, delivery_days}. `totals`: the amounts last shown to the
    buyer, which completion compares before it charges.
    """

    __tablename__ = "checkouts"
    __table_args__ = (
        UniqueConstraint("token"),
        CheckConstraint("status IN ('open', 'completing', 'completed', 'expired')", name="status"),
        Index("ix_checkouts_cart_id", "cart_id"),
        Index("ix_checkouts_customer_id", "customer_id"),
        Index("ix_checkouts_completing", "completing_at", postgresql_where=text("status = 'completing'")),
        Index("ix_checkouts_open", "expires_at", postgresql_where=text("status = 'open'")),
        Index(
            "ix_checkouts_unfinished",
            "created_at",
            postgresql_where=text("status IN ('open', 'expired') AND email <> ''"),
        ),
        Index("ix_checkouts_email", "email", postgresql_where=text("email <> ''")),
    )

    id: Mapped[Key]
    token: Mapped[str]
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    email: Mapped[str] = mapped_column(default="", server_default="")
    currency: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en", server_default="en")
    shipping_address: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    billing_address: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    shipping_rate: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    payment_provider: Mapped[str] = mapped_column(default="", server_default="")
    totals: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    # {"gift_cards": [ids], "use_credit": true, "gift": {name, email, message}}: who is sent the bought gift cards,
    # "answers": {key: {until, said, silent}}: what rate and tax providers said, by which it was priced
    extras: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    # Of a checkout that pays an order's balance {order_id}; of a draft's {draft_id, prices: {variant: unit price},
    # shipping: {title, amount} or null}; empty for a cart.
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    note: Mapped[str] = mapped_column(default="", server_default="")
    accepts_marketing: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    source: Mapped[str] = mapped_column(default="storefront", server_default="storefront")
    # When its buyer was written to, and when the link of that mail was first opened.
    reminded_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    completing_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
