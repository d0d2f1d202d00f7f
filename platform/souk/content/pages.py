"""Read, save and delete the merchant's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.handles import free_handle, is_suffix, slugify
from souk.catalog.moved import lead_on
from souk.catalog.rich_text import clean_html
from souk.content.errors import ContentInvalid, PageMissing
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.localized import in_texts, localized
from souk.kernel.outbox import publish

MAX_TITLE = 255
# What can be translated, in the order of PageRecord.
TEXTS = ("title", "content_html", "seo_title", "seo_description")


@dataclass(frozen=True, slots=True)
class PageRecord:
    id: int
    handle: str
    kind: str
    title: str
    content_html: str
    seo_title: str
    seo_description: str
    template_suffix: str = ""


@dataclass(frozen=True, slots=True)
class PageDraft:
    title: str
    content_html: str = ""
    handle: str = ""
    kind: str = "page"
    seo_title: str = ""
    seo_description: str = ""
    published: bool = True
    template_suffix: str = ""


def pages_by_handle(session: Session, handles: Sequence[str]) -> dict[str, PageRecord]:
    """Return the published pages among `handles`."""
    return {page.handle: page for page in _published(session, Page.handle.in_(handles))}


def pages_by_id(session: Session, ids: Sequence[int]) -> dict[int, PageRecord]:
    """Return the published pages among `ids`."""
    return {page.id: page for page in _published(session, Page.id.in_(ids))}


def _published(session: Session, chosen: ColumnElement[bool]) -> list[PageRecord]:
    columns = (
        Page.id, Page.handle, Page.kind, Page.title, Page.content_html, Page.seo_title, Page.seo_description,
        Page.template_suffix, *localized(session, "page", Page.id),
    )  # fmt: skip
    query = select(*columns).where(chosen, Page.published_at <= clock.now())
    return [_record(row) for row in session.execute(query)]


def _record(row: Any) -> PageRecord:
    texts = (in_texts(row, 8, name, row[place]) for place, name in enumerate(TEXTS, 3))
    return PageRecord(*[*row[:3], *texts, row[7]])


def save_page(session: Session, draft: PageDraft, page_id: int | None = None) -> int:
    """Store a new page or change one, and return its id; raises ContentInvalid, PageMissing."""
    if not draft.title.strip() or len(draft.title) > MAX_TITLE or "\x00" in draft.title:
        raise ContentInvalid("title", f"write 1 to {MAX_TITLE} characters.")
    if draft.kind not in {"page", "policy"}:
        raise ContentInvalid("kind", "choose page or policy.")
    if not is_suffix(draft.template_suffix):
        raise ContentInvalid("template_suffix", "write what stands after `page.`, such as contact.")
    handle = free_handle(session, Page.handle, slugify(draft.handle or draft.title, "page"), key=Page.id, own=page_id)
    values: dict[str, Any] = {
        "handle": handle,
        "kind": draft.kind,
        "template_suffix": draft.template_suffix,
        "title": draft.title.strip(),
        "content_html": clean_html(draft.content_html),
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        # A page that is published already keeps its moment.
        "published_at": func.coalesce(Page.published_at, clock.now()) if draft.published else None,
    }
    if page_id is None:
        values["published_at"] = clock.now() if draft.published else None
        written = insert(Page).values(values).returning(Page.id)
    else:
        written = update(Page).where(Page.id == page_id).values(**values, updated_at=clock.now()).returning(Page.id)  # type: ignore[assignment]
    before = None if page_id is None else _handle(session, page_id)
    saved = session.execute(written).scalar_one_or_none()
    if saved is None:
        raise PageMissing
    if before is not None:
        lead_on(session, f"/pages/{before}", f"/pages/{handle}")
    publish(session, Event("content.updated", saved, {"kind": "page", "handle": handle}))
    return saved


def _handle(session: Session, page_id: int) -> str | None:
    return session.execute(select(Page.handle).where(Page.id == page_id)).scalar_one_or_none()


def delete_page(session: Session, page_id: int) -> None:
    """Raises PageMissing."""
    handle = session.execute(delete(Page).where(Page.id == page_id).returning(Page.handle)).scalar_one_or_none()
    if handle is None:
        raise PageMissing
    publish(session, Event("content.updated", page_id, {"kind": "page", "handle": handle}))
