"""Read pages, menus and redirects as the merchant who edits them sees them: hidden ones too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.content.errors import MenuMissing, PageMissing
from souk.content.models import Menu, Page, Redirect

MAX_LISTED = 500


@dataclass(frozen=True, slots=True)
class StoredPage:
    id: int
    handle: str
    kind: str
    title: str
    content_html: str
    seo_title: str
    seo_description: str
    published_at: datetime | None
    updated_at: datetime
    template_suffix: str


@dataclass(frozen=True, slots=True)
class StoredMenu:
    id: int
    handle: str
    title: str
    items: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class StoredRedirect:
    id: int
    path: str
    target: str
    created_at: datetime


_PAGE = (
    Page.id, Page.handle, Page.kind, Page.title, Page.content_html, Page.seo_title, Page.seo_description,
    Page.published_at, Page.updated_at, Page.template_suffix,
)  # fmt: skip


def list_pages(session: Session) -> list[StoredPage]:
    """Return the shop's pages by kind and title."""
    rows: Sequence[Any] = session.execute(
        select(*_PAGE).order_by(Page.kind, Page.title, Page.id).limit(MAX_LISTED)
    ).all()
    return [StoredPage(*row) for row in rows]


def read_page(session: Session, page_id: int) -> StoredPage:
    """Raises PageMissing."""
    row: Any = session.execute(select(*_PAGE).where(Page.id == page_id)).first()
    if row is None:
        raise PageMissing
    return StoredPage(*row)


def list_menus(session: Session) -> list[StoredMenu]:
    rows = session.execute(select(Menu.id, Menu.handle, Menu.title, Menu.items).order_by(Menu.title).limit(MAX_LISTED))
    return [StoredMenu(*row) for row in rows]


def read_menu(session: Session, menu_id: int) -> StoredMenu:
    """Raises MenuMissing."""
    row = session.execute(select(Menu.id, Menu.handle, Menu.title, Menu.items).where(Menu.id == menu_id)).first()
    if row is None:
        raise MenuMissing
    return StoredMenu(*row)


def list_redirects(session: Session, limit: int, offset: int = 0) -> list[StoredRedirect]:
    """Return redirects, newest first."""
    columns = select(Redirect.id, Redirect.path, Redirect.target, Redirect.created_at)
    newest = columns.order_by(Redirect.created_at.desc(), Redirect.id.desc())
    return [StoredRedirect(*row) for row in session.execute(newest.limit(limit).offset(offset))]
