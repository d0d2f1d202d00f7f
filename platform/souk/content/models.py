"""What a merchant writes besides products."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import TenantBase


class Page(TenantBase):
    """`kind`: `page`, or `policy` for terms, privacy, returns and shipping, which the checkout links."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("handle"), CheckConstraint("kind IN ('page', 'policy')", name="kind"))

    id: Mapped[Key]
    handle: Mapped[str]
    kind: Mapped[str] = mapped_column(default="page", server_default="page")
    # The alternate of the theme's template `page`, such as contact.
    template_suffix: Mapped[str] = mapped_column(default="", server_default="")
    title: Mapped[str]
    content_html: Mapped[str] = mapped_column(default="", server_default="")
    seo_title: Mapped[str] = mapped_column(default="", server_default="")
    seo_description: Mapped[str] = mapped_column(default="", server_default="")
    published_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Article(TenantBase):
    """A post of the shop's blog. `excerpt` is plain text; without one the beginning of the text stands for it."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("handle"),
        Index("ix_articles_published_at", "published_at", "id"),
        Index("ix_articles_tags", "tags", postgresql_using="gin"),
    )

    id: Mapped[Key]
    handle: Mapped[str]
    title: Mapped[str]
    excerpt: Mapped[str] = mapped_column(default="", server_default="")
    content_html: Mapped[str] = mapped_column(default="", server_default="")
    author: Mapped[str] = mapped_column(default="", server_default="")
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    media_id: Mapped[int | None] = mapped_column(ForeignKey("media.id", ondelete="SET NULL"), index=True)
    seo_title: Mapped[str] = mapped_column(default="", server_default="")
    seo_description: Mapped[str] = mapped_column(default="", server_default="")
    published_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class Menu(TenantBase):
    """`items`: [{"title", "type": collection|product|page|policy|url|home|collections|search, "target": id or
    address, "items": [...]}]. Items point at entities by id, so that a renamed handle does not break them.
    """

    __tablename__ = "menus"
    __table_args__ = (UniqueConstraint("handle"),)

    id: Mapped[Key]
    handle: Mapped[str]
    title: Mapped[str]
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")
    updated_at: Mapped[CreatedAt]


class Redirect(TenantBase):
    __tablename__ = "redirects"
    __table_args__ = (UniqueConstraint("path"), CheckConstraint("path <> target", name="not_itself"))

    id: Mapped[Key]
    path: Mapped[str]
    target: Mapped[str]
    created_at: Mapped[CreatedAt]
