"""Payment sessions (one attempt each) and transactions (facts about money, append-only)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class PaymentSession(TenantBase):
    """One attempt to pay a checkout. It is written before the provider is asked, so that no charge is unknown to us.

    `provider_status` is the provider's own word, verbatim.
    """

    __tablename__ = "payment_sessions"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        UniqueConstraint("provider", "provider_reference"),
        CheckConstraint(
            "status IN ('pending', 'requires_action', 'authorized', 'captured', 'failed', 'canceled')",
            name="status",
        ),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_payment_sessions_checkout_id", "checkout_id"),
        Index(
            "ix_payment_sessions_unsettled",
            "created_at",
            postgresql_where=text("status IN ('pending', 'requires_action')"),
        ),
        Index("ix_payment_sessions_disputed", "id", postgresql_where=text("disputes <> '[]'")),
    )

    id: Mapped[Key]
    checkout_id: Mapped[int] = mapped_column(ForeignKey("checkouts.id"))
    provider: Mapped[str]
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    amount: Mapped[int]
    currency: Mapped[str]
    idempotency_key: Mapped[str]
    provider_reference: Mapped[str | None]
    provider_status: Mapped[str] = mapped_column(default="", server_default="")
    # What the browser needs for an extra step: {type: redirect, url}. Never card data.
    action: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    method: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    error_code: Mapped[str] = mapped_column(default="", server_default="")
    # [{reference, status, reason, amount, currency, evidence_due_by}] as the provider told last.
    disputes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class PaymentTransaction(TenantBase):
    """Insert-only. Roll-ups on the order are sums of these, never the last event."""

    __tablename__ = "payment_transactions"
    __table_args__ = (
        CheckConstraint("kind IN ('authorization', 'capture', 'sale', 'void', 'refund')", name="kind"),
        CheckConstraint("status IN ('pending', 'success', 'failure', 'error')", name="status"),
        CheckConstraint("amount >= 0", name="amount"),
        UniqueConstraint("idempotency_key", "kind", "status"),
        Index("ix_payment_transactions_order_id", "order_id"),
        Index("ix_payment_transactions_session_id", "session_id"),
    )

    id: Mapped[Key]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("payment_sessions.id"))
    order_id: Mapped[int | None]
    refund_id: Mapped[int | None]
    kind: Mapped[str]
    status: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    provider: Mapped[str]
    provider_reference: Mapped[str] = mapped_column(default="", server_default="")
    idempotency_key: Mapped[str]
    error_code: Mapped[str] = mapped_column(default="", server_default="")
    # Of a pending capture: {actor, final}, with which the sweep asks again.
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    processed_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]
