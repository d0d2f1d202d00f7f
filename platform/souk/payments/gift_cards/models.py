"""Gift cards, the credit of customers, and everything that moved on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class GiftCard(TenantBase):
    """A card that somebody holds the code of, or the credit of one customer, which has no code.

    The code itself is nowhere: `code_hash` is its SHA-256, `last_characters` its end. `balance` is the sum of the
    card's transactions. `recipient`: {name, email, message}.
    """

    __tablename__ = "gift_cards"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        # One card for each unit that was sold, however often the job runs.
        UniqueConstraint("order_line_id", "unit_number"),
        CheckConstraint("kind IN ('gift_card', 'store_credit')", name="kind"),
        CheckConstraint("status IN ('active', 'disabled')", name="status"),
        CheckConstraint("balance >= 0", name="balance"),
        CheckConstraint("(kind = 'gift_card') = (code_hash IS NOT NULL)", name="code"),
        CheckConstraint("kind = 'gift_card' OR customer_id IS NOT NULL", name="owner"),
        Index("uq_gift_cards_credit", "customer_id", unique=True, postgresql_where=text("kind = 'store_credit'")),
        Index("ix_gift_cards_order_id", "order_id"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(default="gift_card", server_default="gift_card")
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    code_hash: Mapped[str | None]
    last_characters: Mapped[str] = mapped_column(default="", server_default="")
    currency: Mapped[str]
    initial_amount: Mapped[int]
    balance: Mapped[int]
    order_id: Mapped[int | None]
    order_line_id: Mapped[int | None]
    unit_number: Mapped[int | None]
    recipient: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    note: Mapped[str] = mapped_column(default="", server_default="")
    expires_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class GiftCardTransaction(TenantBase):
    """Insert-only. `reference` names the cause: the same movement for the same cause happens once.

    held takes the amount off while an order is paid; released puts it back, redeemed makes it the order's (and moves
    nothing more). Retention: as long as the card, for they are the books of what the shop owes.
    """

    __tablename__ = "gift_card_transactions"
    __table_args__ = (
        UniqueConstraint("gift_card_id", "kind", "reference"),
        CheckConstraint("kind IN ('issued', 'held', 'released', 'redeemed', 'refunded', 'adjusted')", name="kind"),
        CheckConstraint("balance >= 0", name="balance"),
        Index("ix_gift_card_transactions_checkout_id", "checkout_id"),
        Index("ix_gift_card_transactions_order_id", "order_id"),
    )

    id: Mapped[Key]
    gift_card_id: Mapped[int] = mapped_column(ForeignKey("gift_cards.id"))
    kind: Mapped[str]
    amount: Mapped[int]
    # The card's balance after it.
    balance: Mapped[int]
    reference: Mapped[str]
    checkout_id: Mapped[int | None]
    order_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    note: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]
