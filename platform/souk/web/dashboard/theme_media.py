"""What the editor chooses from: pictures with text and focal point, products, collections, pages and menus."""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Collection, Product, ProductMedia
from souk.content.models import Menu, Page
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, NotFound, SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.media.configured import media_storage
from souk.media.models import Media
from souk.media.store import keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import asked

SHOWN = 60
MAX_ALT = 300
_COLUMNS = (
    Media.id, Media.storage_key, Media.filename, Media.alt, Media.width, Media.height, Media.focal_x, Media.focal_y,
)  # fmt: skip
_MODELS: dict[str, Any] = {"product": Product, "collection": Collection, "page": Page, "link_list": Menu}


class UnknownPicture(NotFound):
    code = "unknown_picture"

    def __init__(self) -> None:
        super().__init__("The shop has no such picture any more; choose another one.")


class BadPicture(Invalid):
    code = "bad_picture"

    def __init__(self) -> None:
        super().__init__(f"A picture has a text of at most {MAX_ALT} characters and a point from 0 to 100 percent.")


def _view(row: Any) -> dict[str, Any]:
    return dict(zip(("id", "key", "filename", "alt", "width", "height", "focal_x", "focal_y"), row, strict=True))


@blueprint.get("/shops/<slug>/theme-media")
@in_shop(Permission.THEMES)
def theme_media(access: ShopAccess) -> Answer:
    """List pictures, newest first; `?before=` goes on after a picture's id."""
    query = select(*_COLUMNS).order_by(Media.id.desc()).limit(SHOWN + 1)
    before, terms = asked("before"), asked("q")
    if before.isascii() and before.isdecimal() and len(before) < 19:  # noqa: PLR2004 - a bigint
        query = query.where(Media.id < int(before))
    if terms:
        query = query.where(Media.filename.icontains(terms, autoescape=True))
    with transaction(access.scope, read_only=True) as session:
        rows = session.execute(query).all()
    return jsonify(pictures=[_view(row) for row in rows[:SHOWN]], more=len(rows) > SHOWN)


@blueprint.post("/shops/<slug>/theme-media")
@in_shop(Permission.THEMES)
def add_theme_picture(access: ShopAccess) -> Answer:
    try:
        sent = request.files.get("picture")
        if sent is None or not sent.filename:
            raise BadPicture
        # Outside any transaction: the storage may be another machine.
        kept = keep_image(media_storage(config()), access.tenant_id, sent.read(), sent.filename)
        with transaction(access.scope) as session:
            media_id = record_image(session, kept).id
            row = session.execute(select(*_COLUMNS).where(Media.id == media_id)).one()
    except SoukError as error:
        return _refused(error)
    return jsonify(picture=_view(row))


@blueprint.post("/shops/<slug>/theme-media/<int:media_id>")
@in_shop(Permission.THEMES)
def describe_theme_picture(access: ShopAccess, media_id: int) -> Answer:
    """Set what a picture shows and which point of it stays in sight, wherever it is shown."""
    try:
        with transaction(access.scope) as session:
            if session.execute(select(Media.id).where(Media.id == media_id).with_for_update()).first() is None:
                raise UnknownPicture
            session.execute(update(Media).where(Media.id == media_id).values(**_description()))
            publish(session, Event("content.updated", media_id, {"kind": "media", "handle": ""}))
    except SoukError as error:
        return _refused(error)
    return jsonify(id=media_id)


def _description() -> dict[str, Any]:
    body = request.get_json(silent=True)
    found = body if isinstance(body, dict) else {}
    alt, left, top = found.get("alt"), found.get("focal_x"), found.get("focal_y")
    points = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each <= 100 for each in (left, top))  # noqa: PLR2004 - percent
    if not isinstance(alt, str) or len(alt) > MAX_ALT or "\0" in alt or not points:
        raise BadPicture
    return {"alt": alt, "focal_x": left, "focal_y": top}


def _refused(error: SoukError) -> Answer:
    answer = jsonify(detail=error.detail, code=error.code)
    answer.status_code = error.status
    return answer


@blueprint.get("/shops/<slug>/theme-things")
@in_shop(Permission.THEMES)
def theme_things(access: ShopAccess) -> Answer:
    """Find things of a kind by title, or those that `values` names by handle."""
    kind = asked("kind", _MODELS)
    if not kind:
        return jsonify(things=[])
    wanted = [each for each in request.args.get("values", "").replace("\0", "").split(",") if each][:SHOWN]
    with transaction(access.scope, read_only=True) as session:
        return jsonify(things=_things(session, kind, asked("q"), wanted))


def _things(session: Session, kind: str, terms: str, values: list[str]) -> list[dict[str, Any]]:
    model = _MODELS[kind]
    query = select(model.id, model.handle, model.title)
    if values:
        query = query.where(model.handle.in_(values))
    elif terms:
        query = query.where(model.title.icontains(terms, autoescape=True))
    rows = session.execute(query.order_by(model.title, model.id).limit(SHOWN)).all()
    pictures = _pictures(session, [row.id for row in rows]) if kind == "product" else {}
    return [{"value": row.handle, "title": row.title, "picture": pictures.get(row.id)} for row in rows]


def _pictures(session: Session, product_ids: list[int]) -> dict[int, str]:
    query = select(ProductMedia.product_id, Media.storage_key).join(Media, Media.id == ProductMedia.media_id)
    query = query.where(ProductMedia.product_id.in_(product_ids)).distinct(ProductMedia.product_id)
    query = query.order_by(ProductMedia.product_id, ProductMedia.position, ProductMedia.id)
    return {row[0]: row[1] for row in session.execute(query)}
