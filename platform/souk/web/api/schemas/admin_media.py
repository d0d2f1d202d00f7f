"""Pictures as an app reads and writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.admin_products import Text
from souk.web.api.schemas.common import Shape, whole
from souk.web.api.schemas.paging import Changes, CursorPage

# Base64 takes four characters for three bytes.
MOST_PICTURE_TEXT = 14_000_000
Percent = Annotated[int, Field(ge=0, le=100), BeforeValidator(whole)]


class NewPicture(Shape):
    """`content` is the file in base64 (RFC 4648): JPEG, PNG, WebP, GIF, AVIF or SVG, 10 MB at most; or `upload` is the
    key of a file that was sent to the storage. One of them is given.
    """

    filename: str = Field(min_length=1, max_length=200)
    content: str = Field(default="", max_length=MOST_PICTURE_TEXT)
    upload: str = Field(default="", max_length=100)
    alt: Text = ""


class NewUpload(Shape):
    content_type: Literal["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/svg+xml"]


class UploadFormView(Shape):
    """Post `fields` and then the file as `file` to `url` as multipart/form-data within ten minutes, 20 MB at most; then
    name `key` as `upload` of a new picture.
    """

    key: str
    url: str
    fields: dict[str, str]


class PictureChanges(Changes):
    """`focal_x` and `focal_y` are percent from the left and from the top: what is never cut off."""

    alt: str = Field(default="", max_length=300)
    focal_x: Percent = 50
    focal_y: Percent = 50


class AdminPicture(Shape):
    id: str
    filename: str
    url: str
    alt: str
    content_type: str
    width: int
    height: int
    byte_size: int
    focal_x: int
    focal_y: int
    created_at: datetime


class OnePicture(AdminPicture):
    """`used_by` are the things of the shop that show it, such as `the product “Chair”`; while there are any, the
    picture cannot be deleted.
    """

    used_by: list[str]


class AdminPicturePage(CursorPage):
    media: list[AdminPicture]
