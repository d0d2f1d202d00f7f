"""All pictures of the shop: what they show, what must stay in sight, new ones, and those that can go."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.catalog.models import ProductMedia
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.media.delete import delete_pictures
from souk.media.describe import describe_pictures
from souk.media.models import Media
from souk.media.store import record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.gallery import keep_uploads, typed_pictures
from souk.web.dashboard.pages import asked, done, page, page_number, picture_url

SHOWN = 24


@blueprint.get("/shops/<slug>/pictures")
@in_shop(Permission.CATALOG)
def media_library(access: ShopAccess) -> Answer:
    return _library(access)


@blueprint.post("/shops/<slug>/pictures")
@in_shop(Permission.CATALOG)
def save_media(access: ShopAccess) -> Answer:
    """Store what was typed beside the pictures, add new ones, delete the marked ones."""
    try:
        kept = keep_uploads(access)
        with transaction(access.scope) as session:
            typed = typed_pictures(session, request.form, request.form.getlist("media"))
            describe_pictures(session, {each.id: (each.alt.strip(), *each.focus) for each in typed})
            gone = delete_pictures(session, _marked())
            for each in kept:
                record_image(session, each)
    except SoukError as error:
        return _library(access, error), error.status
    told = f" {gone} {'is' if gone == 1 else 'are'} deleted." if gone else ""
    return done(f"The pictures are saved.{told}", "media_library", access)


def _marked() -> list[int]:
    """Return the pictures whose box says that they can go."""
    sent = (each for each in request.form.getlist("media") if f"drop-{each}" in request.form)
    return [int(each) for each in sent if each.isascii() and each.isdecimal() and len(each) < 16]  # noqa: PLR2004


def _library(access: ShopAccess, error: SoukError | None = None) -> str:
    number, terms = page_number(request.args.get("page")), asked("q")
    with transaction(access.scope, read_only=True) as session:
        rows, total = _pictures(session, terms, (number - 1) * SHOWN)
    return page(
        "media_library.html", rows=rows, total=total, number=number, per_page=SHOWN, q=terms, picture=picture_url,
        error=error,
    )  # fmt: skip


def _pictures(session: Session, terms: str, offset: int) -> tuple[list[Any], int]:
    found = select(Media)
    if terms:
        found = found.where(or_(*(column.icontains(terms, autoescape=True) for column in (Media.filename, Media.alt))))
    used = select(func.count()).where(ProductMedia.media_id == Media.id).correlate(Media).scalar_subquery()
    columns = (Media.id, Media.storage_key, Media.filename, Media.alt, Media.width, Media.height, Media.focal_x,
               Media.focal_y, used.label("products"))  # fmt: skip
    query = found.with_only_columns(*columns).order_by(Media.id.desc()).offset(offset).limit(SHOWN)
    total = session.execute(found.with_only_columns(func.count())).scalar_one()
    return list(session.execute(query)), total
