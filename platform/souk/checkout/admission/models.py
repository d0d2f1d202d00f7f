"""The tickets of buyers who wait; their numbers are the order in which they came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class AdmissionTicket(TenantBase):
    """`queue` is `shop` or `product:12`. `seen_at` is when its buyer looked last: who is away is passed over and keeps
    the number. An admitted one stands for a place until its checkout is bought or `expires_at` is over.
    Retention: 2 days.
    """

    __tablename__ = "admission_tickets"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'admitted')", name="status"),
        Index("ix_admission_tickets_waiting", "queue", "id", postgresql_where=text("status = 'waiting'")),
        Index("ix_admission_tickets_admitted", "queue", "expires_at", postgresql_where=text("status = 'admitted'")),
        Index("ix_admission_tickets_checkout_id", "checkout_id"),
    )

    id: Mapped[Key]
    queue: Mapped[str]
    status: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    checkout_id: Mapped[int | None]
    created_at: Mapped[CreatedAt]
