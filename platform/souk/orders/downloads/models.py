"""The table of downloads."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Download(TenantBase):
    """One file of one order line, as it was when the order was paid; `used` of `most` times, until `expires_at`."""

    __tablename__ = "downloads"
    __table_args__ = (
        UniqueConstraint("token"),
        UniqueConstraint("order_line_id", "file_id"),
        CheckConstraint("used >= 0 AND used <= most", name="used"),
        Index("ix_downloads_order_id", "order_id"),
    )

    id: Mapped[Key]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"))
    # The product may be deleted later; these are a snapshot.
    file_id: Mapped[int]
    filename: Mapped[str]
    storage_key: Mapped[str]
    parts: Mapped[int]
    byte_size: Mapped[int]
    token: Mapped[str]
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    most: Mapped[int]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
