"""The tables of imports: jobs, what became of each product of a file, and mappings to use again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class ImportJob(TenantBase):
    """One file on its way into the shop. Retention: 90 days, with its rows and its file.

    `source` says how the stored file is read: key, parts, encoding, delimiter. `columns` are its headings and
    `mapping` gives each the field that it fills. `next_number` is the first product that is not written yet,
    so that another runner goes on exactly there; `runner` is who may write.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (
        CheckConstraint(
            "status IN ('uploaded', 'checking', 'checked', 'applying', 'applied', 'undoing', 'undone',"
            " 'failed', 'canceled')",
            name="status",
        ),
        CheckConstraint("format IN ('shopify', 'csv', 'jsonl')", name="format"),
        CheckConstraint("created >= 0 AND updated >= 0 AND unchanged >= 0 AND refused >= 0", name="counts"),
        # Two writers at once would undo each other's rows: the second one is refused.
        Index(
            "uq_import_jobs_writing",
            "resource",
            unique=True,
            postgresql_where=text("status IN ('applying', 'undoing')"),
        ),
        Index("ix_import_jobs_created_at", "created_at"),
    )

    id: Mapped[Key]
    resource: Mapped[str] = mapped_column(default="products", server_default="products")
    status: Mapped[str] = mapped_column(default="uploaded", server_default="uploaded")
    filename: Mapped[str]
    format: Mapped[str]
    byte_size: Mapped[int]
    source: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    columns: Mapped[list[str]]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    bytes_read: Mapped[int] = mapped_column(default=0, server_default="0")
    next_number: Mapped[int] = mapped_column(default=1, server_default="1")
    created: Mapped[int] = mapped_column(default=0, server_default="0")
    updated: Mapped[int] = mapped_column(default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[int] = mapped_column(default=0, server_default="0")
    # Why the whole job stopped; empty as long as nothing did.
    error: Mapped[str] = mapped_column(default="", server_default="")
    actor: Mapped[str] = mapped_column(default="", server_default="")
    runner: Mapped[str] = mapped_column(default="", server_default="")
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ImportRow(TenantBase):
    """What a file does to one product: first as the check foresees it, then as it was `written`.

    `line` to `last_line` are its rows in the file. `reasons` are [{"line", "column", "text"}], `changes` are
    [{"field", "before", "after"}]. `before` is the product as it was, NULL for a new one, and `digest` tells whether
    anybody changed it since: both are what an undo needs.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        UniqueConstraint("job_id", "number"),
        CheckConstraint("action IN ('created', 'updated', 'unchanged', 'refused')", name="action"),
        CheckConstraint("line > 0 AND last_line >= line", name="lines"),
        Index("ix_import_rows_action", "job_id", "action", "number"),
        Index("ix_import_rows_handle", "job_id", "handle"),
    )

    id: Mapped[Key]
    job_id: Mapped[int] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"))
    number: Mapped[int]
    line: Mapped[int]
    last_line: Mapped[int]
    handle: Mapped[str]
    title: Mapped[str] = mapped_column(default="", server_default="")
    action: Mapped[str]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    written: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # No foreign key: the record of an import outlives its products.
    product_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    digest: Mapped[str] = mapped_column(default="", server_default="")


class ImportMapping(TenantBase):
    """Which column fills which field, remembered for the next file with the same headings."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("fingerprint"),)

    id: Mapped[Key]
    fingerprint: Mapped[str]
    name: Mapped[str]
    columns: Mapped[list[str]]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
    used_at: Mapped[CreatedAt]
