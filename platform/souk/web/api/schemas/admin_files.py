"""Imports and exports of the catalogue as jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from souk.web.api.schemas.admin_products import CollectionId, ProductStatus
from souk.web.api.schemas.common import Shape
from souk.web.api.schemas.paging import CursorPage, CursorParameters

ImportStatus = Literal[
    "uploaded", "checking", "checked", "applying", "applied", "undoing", "undone", "failed", "canceled"
]
MOST_FILE_TEXT = 20_000_000


class NewImport(Shape):
    """`content` is the text of a file: Shopify's product or order CSV, any CSV, or JSON Lines. `fields` maps its
    columns to ours where the remembered or guessed mapping is not right. `step` says what to begin with; `check`
    changes nothing.
    """

    filename: str = Field(min_length=1, max_length=200)
    content: str = Field(min_length=1, max_length=MOST_FILE_TEXT)
    fields: dict[str, str] | None = Field(default=None, max_length=500)
    decimal: Literal[".", ","] | None = None
    step: Literal["check", "apply"] = "check"


class NewOrderImport(NewImport):
    """`currency` (ISO 4217) is that of amounts of which the file names none: the shop's own unless it is given."""

    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class ImportStep(Shape):
    step: Literal["check", "apply", "resume", "undo", "stop"]


class OrderImportStep(Shape):
    step: Literal["check", "apply", "stop"]


class ImportView(Shape):
    """`percent` is how much of the running step is done; `mapping` gives each column the field that it fills."""

    id: str
    status: ImportStatus
    filename: str
    format: Literal["shopify", "csv", "jsonl"]
    byte_size: int
    columns: list[str]
    mapping: dict[str, Any]
    percent: int
    created: int
    updated: int
    unchanged: int
    refused: int
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ImportPage(CursorPage):
    imports: list[ImportView]


class RowParameters(CursorParameters):
    action: Literal["created", "updated", "unchanged", "refused"] | None = None


class ImportRowView(Shape):
    """One product of the file. `reasons` say with line and column why it was refused, `changes` what differs."""

    number: int
    line: int
    last_line: int
    handle: str
    title: str
    action: Literal["created", "updated", "unchanged", "refused"]
    product_id: str | None
    written: bool
    reasons: list[dict[str, Any]]
    changes: list[dict[str, Any]]


class ImportRows(CursorPage):
    rows: list[ImportRowView]


class NewExport(Shape):
    """Without filters all products are exported. `shopify` is Shopify's product CSV, `jsonl` one product a line."""

    format: Literal["shopify", "jsonl"] = "shopify"
    status: ProductStatus | None = None
    query: str = Field(default="", max_length=255)
    vendor: str = Field(default="", max_length=255)
    product_type: str = Field(default="", max_length=255)
    tag: str = Field(default="", max_length=255)
    collection_id: CollectionId | None = None


class ExportView(Shape):
    """The file is there once `status` is `done`."""

    id: str
    status: Literal["queued", "running", "done", "failed"]
    format: Literal["shopify", "jsonl"]
    filename: str
    total: int
    exported: int
    byte_size: int
    error: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class ExportPage(CursorPage):
    exports: list[ExportView]


class ExportFile(Shape):
    """A file, not JSON."""
