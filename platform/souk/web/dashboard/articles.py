"""The posts of the blog."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.content.articles import ArticleDraft, delete_article, save_article, tags_of
from souk.content.blog import StoredArticle, list_articles, read_article
from souk.content.errors import ContentInvalid
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.media.configured import media_storage
from souk.media.models import Media
from souk.media.store import KeptImage, keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number, picture_url

_TEXTS = ("title", "content_html", "handle", "excerpt", "author", "seo_title", "seo_description")
_MOMENT = "%Y-%m-%dT%H:%M"


@blueprint.get("/shops/<slug>/posts")
@in_shop()
def articles(access: ShopAccess) -> Answer:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows = list_articles(session, PER_PAGE + 1, (number - 1) * PER_PAGE)
    return page("articles.html", rows=rows[:PER_PAGE], number=number, more=len(rows) > PER_PAGE, now=clock.now())


@blueprint.route("/shops/<slug>/posts/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_article(access: ShopAccess) -> Answer:
    if request.method == "POST":
        return _save(access, None)
    form = {"published": True, "published_at": clock.now().astimezone(_zone()).strftime(_MOMENT)}
    return page("article.html", article_id=None, form=form, stored_picture=None, picture=picture_url)


@blueprint.route("/shops/<slug>/posts/<int:article_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def article(access: ShopAccess, article_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, article_id)
    with transaction(access.scope, read_only=True) as session:
        found = read_article(session, article_id)
        stored = _picture_key(session, found.media_id)
    return page("article.html", article_id=article_id, form=_form_of(found), stored_picture=stored, picture=picture_url)


@blueprint.post("/shops/<slug>/posts/<int:article_id>/delete")
@in_shop(Permission.CATALOG)
def remove_article(access: ShopAccess, article_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_article(session, article_id)
    return done("The post is gone.", "articles", access)


def _form_of(found: StoredArticle) -> dict[str, Any]:
    form: dict[str, Any] = {name: getattr(found, name) for name in _TEXTS}
    moment = found.published_at or clock.now()
    local = moment.astimezone(_zone()).strftime(_MOMENT)
    return form | {"tags": ", ".join(found.tags), "published": found.published_at is not None, "published_at": local}


def _zone() -> ZoneInfo:
    return ZoneInfo(str(g.shop_settings.get("timezone") or "UTC"))


def _save(access: ShopAccess, article_id: int | None) -> Answer:
    form: dict[str, Any] = {name: request.form.get(name, "").replace("\0", "").strip() for name in _TEXTS}
    typed = form | {name: request.form.get(name, "") for name in ("tags", "published_at")}
    typed["published"] = "published" in request.form
    stored = None
    try:
        kept = _keep_picture(access)
        with transaction(access.scope) as session:
            present = read_article(session, article_id) if article_id is not None else None
            stored = _picture_key(session, present.media_id) if present else None
            media_id = _picture(session, kept, present)
            draft = ArticleDraft(
                **form, tags=tags_of(typed["tags"].replace("\0", "")), media_id=media_id, published_at=_moment(typed)
            )
            saved = save_article(session, draft, article_id)
    except SoukError as error:
        return page("article.html", article_id=article_id, form=typed, stored_picture=stored, picture=picture_url,
                    error=error), error.status  # fmt: skip
    return done("The post is saved.", "article", access, article_id=saved)


def _moment(typed: dict[str, Any]) -> datetime | None:
    """Return when the post shows, written in the shop's time zone; None hides it."""
    if not typed["published"]:
        return None
    if not typed["published_at"]:
        return clock.now()
    try:
        return datetime.strptime(typed["published_at"][:16], _MOMENT).replace(tzinfo=_zone())
    except ValueError:
        raise ContentInvalid("published_at", "write a date and a time.") from None


def _keep_picture(access: ShopAccess) -> KeptImage | None:
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        return None
    return keep_image(media_storage(config()), access.tenant_id, upload.read(), upload.filename)


def _picture(session: Session, kept: KeptImage | None, present: StoredArticle | None) -> int | None:
    if kept is not None:
        return record_image(session, kept).id
    return present.media_id if present is not None and "drop_picture" not in request.form else None


def _picture_key(session: Session, media_id: int | None) -> str | None:
    return session.execute(select(Media.storage_key).where(Media.id == media_id)).scalar_one_or_none()
