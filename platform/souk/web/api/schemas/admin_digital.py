"""Files that are sold, and the downloads of those who bought them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from souk.web.api.schemas.admin_products import VariantId
from souk.web.api.schemas.common import Shape, whole

MOST_FILE_TEXT = 28_000_000
Times = Annotated[int, Field(ge=1, le=1_000), BeforeValidator(whole)]
Days = Annotated[int, Field(ge=1, le=3_650), BeforeValidator(whole)]


class NewFile(Shape):
    """`content` is base64, at most 20 MB of bytes; larger files are uploaded in the dashboard. Without `variant_id` it
    belongs to every variant. `ships`: a parcel is sent as well; without it the variants need no shipping any more.
    """

    filename: str = Field(min_length=1, max_length=200)
    content: str = Field(min_length=1, max_length=MOST_FILE_TEXT)
    variant_id: VariantId | None = None
    ships: bool = False


class FileView(Shape):
    id: str
    filename: str
    byte_size: int
    variant_id: str | None
    created_at: datetime


class Files(Shape):
    """`times` and `days` are the product's own limits, null where the shop's hold."""

    files: list[FileView]
    times: int | None
    days: int | None


class DownloadLimits(Shape):
    """For each unit that is bought from now on; null takes the shop's."""

    times: Times | None = None
    days: Days | None = None


class DownloadShape(Shape):
    """`url` is the buyer's secret page of the file."""

    id: str
    line_item_id: str
    filename: str
    byte_size: int
    status: Literal["open", "used_up", "expired", "stopped"]
    used: int
    limit: int
    expires_at: datetime
    url: str


class Downloads(Shape):
    downloads: list[DownloadShape]


class RenewDownload(Shape):
    """`reset` counts from zero again, `extend_days` moves the end."""

    reset: bool = False
    extend_days: Days | None = None
