"""The merchant's layer over a theme: settings and templates, apart from the theme's files."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class ThemeInstallation(TenantBase):
    """`base_handle` names a built-in theme, unless `files` names files of its own by path and SHA-256, which lie in
    the storage. `settings` and `templates` lie over the files, so that an update of the theme keeps them.

    `base_files` are the files as they came from their maker, where a merchant may have changed some since: an update
    is merged against them. `draft` holds all five while the live theme is worked on. `version` counts every change,
    so that two people never overwrite each other. `previews` are the links that were shared, by the hash of their
    secret.
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
    base_files: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    previews: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    edited_by: Mapped[str] = mapped_column(default="", server_default="")
    publish_at: Mapped[datetime | None]
    publish_by: Mapped[str] = mapped_column(default="", server_default="")
    publish_problem: Mapped[str] = mapped_column(default="", server_default="")
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class ThemePublication(TenantBase):
    """What shoppers saw from one moment on: a whole copy, so that it can be shown, compared and brought back.

    `theme_id` is empty once that theme was deleted; its look can still be brought back.
    """

    __tablename__ = "theme_publications"
    __table_args__ = (CheckConstraint("kind IN ('published', 'scheduled', 'rolled_back', 'found')", name="kind"),)

    id: Mapped[Key]
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id", ondelete="SET NULL"), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    actor: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[CreatedAt]
