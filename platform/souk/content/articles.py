"""Save and delete posts of the blog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.handles import free_handle, slugify
from souk.catalog.moved import lead_on
from souk.catalog.rich_text import clean_html
from souk.content.errors import ArticleMissing, ContentInvalid
from souk.content.models import Article
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

MAX_TITLE = 255
MAX_TAGS, MAX_TAG = 20, 60
MAX_EXCERPT = 500


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """`published_at` may lie ahead: the post shows from then on; None hides it."""

    title: str
    content_html: str = ""
    handle: str = ""
    excerpt: str = ""
    author: str = ""
    tags: Sequence[str] = ()
    media_id: int | None = None
    seo_title: str = ""
    seo_description: str = ""
    published_at: datetime | None = None


def tags_of(text: str) -> list[str]:
    """Read tags that commas part; raises ContentInvalid for too many or too long ones."""
    found = list(dict.fromkeys(" ".join(part.split()) for part in text.split(",") if part.strip()))
    if len(found) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in found):
        raise ContentInvalid("tags", f"write at most {MAX_TAGS} tags of at most {MAX_TAG} characters.")
    return found


def save_article(session: Session, draft: ArticleDraft, article_id: int | None = None) -> int:
    """Store a new post or change one, and return its id; raises ContentInvalid, ArticleMissing."""
    if not draft.title.strip() or len(draft.title) > MAX_TITLE or "\x00" in draft.title:
        raise ContentInvalid("title", f"write 1 to {MAX_TITLE} characters.")
    before = None if article_id is None else _handle(session, article_id)
    handle = slugify(draft.handle or draft.title, "post")
    handle = free_handle(session, Article.handle, handle, key=Article.id, own=article_id)
    values = {
        "handle": handle,
        "title": draft.title.strip(),
        "excerpt": draft.excerpt[:MAX_EXCERPT],
        "content_html": clean_html(draft.content_html),
        "author": draft.author[:MAX_TITLE],
        "tags": list(draft.tags),
        "media_id": draft.media_id,
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        "published_at": draft.published_at,
        "updated_at": clock.now(),
    }
    if article_id is None:
        saved = session.execute(insert(Article).values(values).returning(Article.id)).scalar_one()
    else:
        session.execute(update(Article).where(Article.id == article_id).values(values))
        saved = article_id
        lead_on(session, f"/blog/{before}", f"/blog/{handle}")
    publish(session, Event("content.updated", saved, {"kind": "article", "handle": handle}))
    return saved


def _handle(session: Session, article_id: int) -> str:
    found = session.execute(select(Article.handle).where(Article.id == article_id)).scalar_one_or_none()
    if found is None:
        raise ArticleMissing
    return found


def delete_article(session: Session, article_id: int) -> None:
    """Raises ArticleMissing."""
    gone = delete(Article).where(Article.id == article_id).returning(Article.handle)
    handle = session.execute(gone).scalar_one_or_none()
    if handle is None:
        raise ArticleMissing
    publish(session, Event("content.updated", article_id, {"kind": "article", "handle": handle}))
