"""Posts of the blog: list, read, make, change, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from souk.content.articles import ArticleDraft, delete_article, save_article
from souk.content.errors import ArticleMissing
from souk.content.models import Article
from souk.kernel import ids
from souk.media.models import Media
from souk.web.api.admin.references import known_ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_content import (
    AdminArticle,
    AdminArticlePage,
    ArticleChanges,
    ContentParameters,
    NewArticle,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_KEPT = (
    "handle", "title", "content_html", "excerpt", "author", "tags", "seo_title", "seo_description", "published_at",
)  # fmt: skip
_SAME = (*_KEPT, "created_at", "updated_at")
_COLUMNS: tuple[Any, ...] = (Article.id, Article.media_id, *(getattr(Article, name) for name in _SAME))


@admin_api.operation(
    "GET",
    "/articles",
    summary="List posts, newest first",
    tag="content",
    takes=ContentParameters,
    answers=AdminArticlePage,
    access="admin",
    permission="read_content",
)
def list_articles(call: Call, query: ContentParameters) -> AdminArticlePage:
    where = after(Article.id.expression, query.after)
    if query.handle:
        where.append(Article.handle == query.handle)
    rows = _rows(call.session, where, query.limit + 1)
    return AdminArticlePage(
        articles=[_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit)
    )


@admin_api.operation(
    "GET",
    "/articles/{article_id}",
    summary="Read a post",
    tag="content",
    takes=Nothing,
    answers=AdminArticle,
    access="admin",
    permission="read_content",
)
def read_article(call: Call, _query: Nothing) -> AdminArticle:
    return _view(_row(call.session, _number(call)))


@admin_api.operation(
    "POST",
    "/articles",
    summary="Write a post",
    tag="content",
    takes=NewArticle,
    answers=AdminArticle,
    status=201,
    access="admin",
    permission="write_content",
    most_bytes=1_000_000,
)
def create_article(call: Call, body: NewArticle) -> AdminArticle:
    draft = ArticleDraft(**_decoded(call.session, body.model_dump()))
    return _view(_row(call.session, save_article(call.session, draft)))


@admin_api.operation(
    "PATCH",
    "/articles/{article_id}",
    summary="Change a post; an old address leads to a new one",
    tag="content",
    takes=ArticleChanges,
    answers=AdminArticle,
    access="admin",
    permission="write_content",
    most_bytes=1_000_000,
)
def change_article(call: Call, body: ArticleChanges) -> AdminArticle:
    article_id = _number(call)
    row = _row(call.session, article_id, lock=True)
    present = {name: getattr(row, name) for name in (*_KEPT, "media_id")}
    save_article(call.session, ArticleDraft(**(present | _decoded(call.session, body.named()))), article_id)
    return _view(_row(call.session, article_id))


@admin_api.operation(
    "DELETE",
    "/articles/{article_id}",
    summary="Delete a post",
    tag="content",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_content",
)
def remove_article(call: Call, _query: Nothing) -> Deleted:
    delete_article(call.session, _number(call))
    return Deleted(id=call.path["article_id"])


def _number(call: Call) -> int:
    return ids.decode(ids.ARTICLE, call.path["article_id"])


def _decoded(session: Session, named: dict[str, Any]) -> dict[str, Any]:
    if not named.get("media_id"):
        return named
    return named | {"media_id": known_ids(session, "media_id", ids.MEDIA, [named["media_id"]], Media.id)[0]}


def _rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    return session.execute(select(*_COLUMNS).where(*where).order_by(Article.id.desc()).limit(limit)).all()


def _row(session: Session, article_id: int, *, lock: bool = False) -> Row[Any]:
    query = select(*_COLUMNS).where(Article.id == article_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise ArticleMissing
    return row


def _view(row: Row[Any]) -> AdminArticle:
    return AdminArticle(
        **{name: getattr(row, name) for name in _SAME},
        id=ids.encode(ids.ARTICLE, row.id),
        media_id=None if row.media_id is None else ids.encode(ids.MEDIA, row.media_id),
    )
