"""The record of every mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class MailMessage(TenantBase):
    """`dedupe_key` makes a repeated job find its own earlier mail instead of sending a second one.
    Retention: 365 days.
    """

    __tablename__ = "mail_messages"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        CheckConstraint("status IN ('queued', 'sent', 'failed')", name="status"),
        Index("ix_mail_messages_order_id", "order_id"),
        Index("ix_mail_messages_created_at", "created_at"),
    )

    id: Mapped[Key]
    dedupe_key: Mapped[str]
    kind: Mapped[str]
    order_id: Mapped[int | None]
    recipient: Mapped[str]
    subject: Mapped[str]
    text_body: Mapped[str]
    html_body: Mapped[str]
    status: Mapped[str] = mapped_column(default="queued", server_default="queued")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    sent_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
