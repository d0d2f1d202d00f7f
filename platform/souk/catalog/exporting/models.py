"""The table of exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class ExportJob(TenantBase):
    """One file made of the shop's products. Retention: 14 days, with its file.

    `filters` choose the products, `source` says where the finished file lies: key and parts.
    """

    __tablename__ = "export_jobs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status"),
        CheckConstraint("format IN ('shopify', 'jsonl')", name="format"),
        CheckConstraint("total >= 0 AND exported >= 0 AND byte_size >= 0", name="counts"),
        Index("ix_export_jobs_created_at", "created_at"),
    )

    id: Mapped[Key]
    resource: Mapped[str] = mapped_column(default="products", server_default="products")
    status: Mapped[str] = mapped_column(default="queued", server_default="queued")
    format: Mapped[str]
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    filename: Mapped[str]
    source: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    exported: Mapped[int] = mapped_column(default=0, server_default="0")
    byte_size: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str] = mapped_column(default="", server_default="")
    actor: Mapped[str] = mapped_column(default="", server_default="")
    runner: Mapped[str] = mapped_column(default="", server_default="")
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
