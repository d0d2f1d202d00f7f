"""The pictures of a product in its form: kept in order, described, with the point that must stay in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import ProductMedia
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.media.configured import media_storage
from souk.media.incoming import offer_upload, take_upload
from souk.media.models import Media
from souk.media.store import KeptImage, keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import picture_url

# Six inputs each: a form of more than 1,000 parts is refused before it is read.
MAX_PICTURES = 150
MAX_ALT = 300


class TooManyPictures(Invalid):
    code = "too_many_pictures"

    def __init__(self) -> None:
        super().__init__(f"A product has at most {MAX_PICTURES} pictures; remove some first.")


@dataclass(frozen=True, slots=True)
class Picture:
    """`focus` is percent from the left and from the top."""

    id: int
    key: str
    alt: str = ""
    focus: tuple[int, int] = (50, 50)


_COLUMNS = (Media.id, Media.storage_key, Media.alt, Media.focal_x, Media.focal_y)


def stored_pictures(session: Session, product_id: int) -> list[Picture]:
    columns = (Media.id, Media.storage_key, ProductMedia.alt, Media.focal_x, Media.focal_y)
    query = select(*columns).join(ProductMedia, ProductMedia.media_id == Media.id)
    query = query.where(ProductMedia.product_id == product_id).order_by(ProductMedia.position, ProductMedia.id)
    return [_picture(row) for row in session.execute(query)]


def typed_pictures(session: Session, form: Mapping[str, str], ids: Sequence[str]) -> list[Picture]:
    """Return the gallery as the form says; pictures that the shop does not have are left out."""
    wanted = [int(item) for item in ids if item.isascii() and item.isdecimal() and len(item) < 16]  # noqa: PLR2004
    kept = [media_id for media_id in dict.fromkeys(wanted) if f"drop-{media_id}" not in form]
    known = {row.id: _picture(row) for row in session.execute(select(*_COLUMNS).where(Media.id.in_(kept)))}
    pictures = [_typed(known[media_id], form) for media_id in kept if media_id in known]
    return sorted(pictures, key=lambda picture: _place(form, picture.id))


def _picture(row: Any) -> Picture:
    return Picture(row.id, row.storage_key, row.alt, (row.focal_x, row.focal_y))


def _typed(picture: Picture, form: Mapping[str, str]) -> Picture:
    left, top = (form.get(f"focal-{axis}-{picture.id}", "50").strip() for axis in "xy")
    whole = all(text.isascii() and text.isdecimal() and len(text) < 4 for text in (left, top))  # noqa: PLR2004
    focus = (int(left), int(top)) if whole else picture.focus
    return replace(picture, alt=form.get(f"alt-{picture.id}", "").replace("\0", "")[:MAX_ALT], focus=focus)


def _place(form: Mapping[str, str], media_id: int) -> int:
    place = form.get(f"order-{media_id}", "")
    return int(place) if place.isascii() and place.isdecimal() and len(place) < 6 else MAX_PICTURES  # noqa: PLR2004


def keep_uploads(access: ShopAccess) -> list[KeptImage]:
    """Check and store the files of the request, before any transaction: their storage may be across a network."""
    uploads = [upload for upload in request.files.getlist("pictures") if upload.filename]
    if len(uploads) > MAX_PICTURES:
        raise TooManyPictures
    storage = media_storage(config())
    return [keep_image(storage, access.tenant_id, each.read(), each.filename or "picture") for each in uploads]


@blueprint.post("/shops/<slug>/media")
@in_shop(Permission.CATALOG)
def upload_media(access: ShopAccess) -> Answer:
    """Take one picture that was dropped on the page, and answer {"id", "url"}; the form is saved later."""
    return _made(access, lambda: keep_uploads(access))


@blueprint.post("/shops/<slug>/media/uploads")
@in_shop(Permission.CATALOG)
def offer_media(access: ShopAccess) -> Answer:
    """Answer the form with which the browser sends one picture straight to the storage."""
    try:
        offer = offer_upload(media_storage(config()), access.tenant_id, request.form.get("type", ""))
    except SoukError as error:
        return _refusal(error)
    return jsonify(key=offer.key, url=offer.url, fields=dict(offer.fields))


@blueprint.post("/shops/<slug>/media/uploads/taken")
@in_shop(Permission.CATALOG)
def take_media(access: ShopAccess) -> Answer:
    """Make a picture of what the browser sent to the storage; answers as `upload_media` does."""
    key, name = request.form.get("key", ""), request.form.get("name", "") or "picture"
    return _made(access, lambda: [take_upload(media_storage(config()), access.tenant_id, key, name)])


def _made(access: ShopAccess, keep: Callable[[], list[KeptImage]]) -> Answer:
    try:
        kept = keep()
        with transaction(access.scope) as session:
            made = [{"id": record_image(session, each).id, "url": picture_url(each.storage_key)} for each in kept]
    except SoukError as error:
        return _refusal(error)
    return jsonify(pictures=made)


def _refusal(error: SoukError) -> Answer:
    answer = jsonify(error=error.detail)
    answer.status_code = error.status
    return answer
