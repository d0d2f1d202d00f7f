"""Pictures: list, read, upload by JSON, describe, delete."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.media.configured import media_storage
from souk.media.delete import delete_pictures
from souk.media.describe import describe_pictures
from souk.media.errors import PictureMissing
from souk.media.incoming import offer_upload, take_upload
from souk.media.models import Media
from souk.media.store import keep_image, record_image
from souk.media.uses import uses_of
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_media import (
    MOST_PICTURE_TEXT,
    AdminPicture,
    AdminPicturePage,
    NewPicture,
    NewUpload,
    OnePicture,
    PictureChanges,
    UploadFormView,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import CursorParameters, Deleted
from souk.web.api.shop.product_rows import media_url

_COLUMNS: tuple[Any, ...] = (
    Media.id, Media.filename, Media.storage_key, Media.alt, Media.content_type, Media.width, Media.height,
    Media.byte_size, Media.focal_x, Media.focal_y, Media.created_at,
)  # fmt: skip
_SAME = ("filename", "alt", "content_type", "width", "height", "byte_size", "focal_x", "focal_y", "created_at")


class NotBase64(Invalid):
    code = "not_base64"

    def __init__(self, field: str) -> None:
        super().__init__(f"{field}: this is not base64 (RFC 4648 with padding); encode the file's bytes.", field=field)


class OneSource(Invalid):
    code = "one_source"

    def __init__(self) -> None:
        super().__init__("Give the picture as `content`, or as `upload` once it lies in the storage.", field="content")


@admin_api.operation(
    "GET",
    "/media",
    summary="List pictures, newest first",
    tag="media",
    takes=CursorParameters,
    answers=AdminPicturePage,
    access="admin",
    permission="read_products",
)
def list_media(call: Call, query: CursorParameters) -> AdminPicturePage:
    wanted = select(*_COLUMNS).where(*after(Media.id.expression, query.after)).order_by(Media.id.desc())
    rows = call.session.execute(wanted.limit(query.limit + 1)).all()
    return AdminPicturePage(media=[_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "POST",
    "/media",
    summary="Upload a picture; the same file again gives the first one",
    tag="media",
    takes=NewPicture,
    answers=AdminPicture,
    status=201,
    access="admin",
    permission="write_products",
    edge=True,
    most_bytes=MOST_PICTURE_TEXT + 4_096,
)
def upload_media(call: Call, body: NewPicture) -> AdminPicture:
    if bool(body.content) is bool(body.upload):
        raise OneSource
    # Outside any transaction: the storage may be another machine.
    storage, tenant_id = media_storage(config()), call.scope.tenant_id
    if body.upload:
        kept = take_upload(storage, tenant_id, body.upload, body.filename)
    else:
        kept = keep_image(storage, tenant_id, decoded(body.content), body.filename)
    with transaction(call.scope) as session:
        media_id = record_image(session, kept, body.alt).id
        return _view(session.execute(select(*_COLUMNS).where(Media.id == media_id)).one())


@admin_api.operation(
    "POST",
    "/media/uploads",
    summary="Get a form to send one picture straight to the storage",
    tag="media",
    takes=NewUpload,
    answers=UploadFormView,
    status=201,
    access="admin",
    permission="write_products",
    edge=True,
    problems={409: "`no_direct_upload`: the platform's storage takes no files from outside."},
)
def offer_media_upload(call: Call, body: NewUpload) -> UploadFormView:
    offer = offer_upload(media_storage(config()), call.scope.tenant_id, body.content_type)
    return UploadFormView(key=offer.key, url=offer.url, fields=dict(offer.fields))


@admin_api.operation(
    "GET",
    "/media/{media_id}",
    summary="Read a picture, and what shows it",
    tag="media",
    takes=Nothing,
    answers=OnePicture,
    access="admin",
    permission="read_products",
)
def read_media(call: Call, _query: Nothing) -> OnePicture:
    return _one(call.session, ids.decode(ids.MEDIA, call.path["media_id"]))


@admin_api.operation(
    "PATCH",
    "/media/{media_id}",
    summary="Say what a picture shows and what of it stays in sight",
    tag="media",
    takes=PictureChanges,
    answers=OnePicture,
    access="admin",
    permission="write_products",
)
def change_media(call: Call, body: PictureChanges) -> OnePicture:
    media_id = ids.decode(ids.MEDIA, call.path["media_id"])
    row = _row(call.session, media_id, lock=True)
    wanted = {"alt": row.alt, "focal_x": row.focal_x, "focal_y": row.focal_y} | body.named()
    describe_pictures(call.session, {media_id: (wanted["alt"], wanted["focal_x"], wanted["focal_y"])})
    return _one(call.session, media_id)


@admin_api.operation(
    "DELETE",
    "/media/{media_id}",
    summary="Delete a picture that nothing shows",
    tag="media",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
    problems={409: "`picture_in_use`: `uses` names what shows it; nothing is deleted."},
)
def remove_media(call: Call, _query: Nothing) -> Deleted:
    if not delete_pictures(call.session, [ids.decode(ids.MEDIA, call.path["media_id"])]):
        raise PictureMissing
    return Deleted(id=call.path["media_id"])


def _row(session: Session, media_id: int, *, lock: bool = False) -> Row[Any]:
    query = select(*_COLUMNS).where(Media.id == media_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise PictureMissing
    return row


def _one(session: Session, media_id: int) -> OnePicture:
    seen = _view(_row(session, media_id))
    return OnePicture(**seen.model_dump(), used_by=[str(use) for use in uses_of(session, [media_id]).get(media_id, ())])


def decoded(content: str, field: str = "content") -> bytes:
    """Return the bytes of a file that came as text; raises NotBase64."""
    try:
        return base64.b64decode(content.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise NotBase64(field) from None


def _view(row: Row[Any]) -> AdminPicture:
    same = {name: getattr(row, name) for name in _SAME}
    return AdminPicture(**same, id=ids.encode(ids.MEDIA, row.id), url=media_url(row.storage_key))
