"""Read posts: published ones for shoppers, all of them for who writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from souk.content.errors import ArticleMissing
from souk.content.models import Article
from souk.kernel import clock
from souk.kernel.localized import in_texts, localized

PER_PAGE = 12
MAX_TAGS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class StoredArticle:
    id: int
    handle: str
    title: str
    excerpt: str
    content_html: str
    author: str
    tags: tuple[str, ...]
    media_id: int | None
    seo_title: str
    seo_description: str
    published_at: datetime | None
    updated_at: datetime


_COLUMNS = (
    Article.id, Article.handle, Article.title, Article.excerpt, Article.content_html, Article.author, Article.tags,
    Article.media_id, Article.seo_title, Article.seo_description, Article.published_at, Article.updated_at,
)  # fmt: skip


# What can be translated, by its place among the columns.
_TEXTS = {2: "title", 3: "excerpt", 4: "content_html", 8: "seo_title", 9: "seo_description"}


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[StoredArticle]:
    own = query.add_columns(*localized(session, "article", Article.id))
    return [StoredArticle(*_values(row)) for row in session.execute(own)]


def _values(row: Any) -> list[Any]:
    values = [tuple(value) if isinstance(value, list) else value for value in row[:12]]
    for place, name in _TEXTS.items():
        values[place] = in_texts(row, 12, name, row[place])
    return values


def _shown(tag: str) -> list[Any]:
    parts: list[Any] = [Article.published_at <= clock.now()]
    return [*parts, Article.tags.contains([tag])] if tag else parts


def published_articles(session: Session, *, tag: str = "", page: int = 1, size: int = PER_PAGE) -> list[StoredArticle]:
    """Return a page of the posts that shoppers see, newest first; those of `tag` when one is named."""
    newest = select(*_COLUMNS).where(*_shown(tag)).order_by(Article.published_at.desc(), Article.id.desc())
    return _read(session, newest.limit(size).offset((page - 1) * size))


def count_articles(session: Session, tag: str = "") -> int:
    return session.execute(select(func.count(Article.id)).where(*_shown(tag))).scalar_one()


def tags_in_use(session: Session) -> list[str]:
    """Return the tags of published posts, the most used first."""
    tag = func.unnest(Article.tags).label("tag")
    each = select(tag).where(*_shown("")).subquery()
    counted = select(each.c.tag).group_by(each.c.tag).order_by(func.count().desc(), each.c.tag)
    return list(session.execute(counted.limit(MAX_TAGS_SHOWN)).scalars())


def published_article(session: Session, handle: str) -> StoredArticle | None:
    found = _read(session, select(*_COLUMNS).where(Article.handle == handle, *_shown("")))
    return found[0] if found else None


def list_articles(session: Session, limit: int, offset: int = 0) -> list[StoredArticle]:
    """Return all posts, drafts too, the last changed first."""
    return _read(session, select(*_COLUMNS).order_by(Article.updated_at.desc(), Article.id).limit(limit).offset(offset))


def read_article(session: Session, article_id: int) -> StoredArticle:
    """Raises ArticleMissing."""
    found = _read(session, select(*_COLUMNS).where(Article.id == article_id))
    if not found:
        raise ArticleMissing
    return found[0]
