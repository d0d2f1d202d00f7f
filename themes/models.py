"""The merchant's layer over a theme: settings and templates, apart from the theme's files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class ThemeInstallation(TenantBase):
    """`base_handle` names a built-in theme, unless `files` names files of its own by path and SHA-256, which lie in
    the storage. `settings` and `templates` lie over the files, so that an update of the theme keeps them.
    """

    __tablename__ = "themes"
    __table_args__ = (
        CheckConstraint("role IN ('main', 'unpublished', 'development')", name="role"),
        Index("uq_themes_main", "role", unique=True, postgresql_where=text("role = 'main'")),
    )

    id: Mapped[Key]
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="unpublished", server_default="unpublished")
    base_handle: Mapped[str]
    base_version: Mapped[str] = mapped_column(default="", server_default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    templates: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    files: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
