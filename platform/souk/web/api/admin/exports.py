"""Exports as jobs: ask for a file, follow it, fetch it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response
from sqlalchemy import Row, select

from souk.catalog.exporting.jobs import JOB, ask_export, finished_export, read_export
from souk.catalog.exporting.models import ExportJob
from souk.catalog.models import Collection
from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.media.configured import media_storage
from souk.media.parts import PartReader, open_parts
from souk.web.api.admin.references import known_ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_files import ExportFile, ExportPage, ExportView, NewExport
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import CursorParameters

TYPES = {"shopify": "text/csv", "jsonl": "application/x-ndjson"}
CHUNK = 256 * 1024
_FILTERS = ("status", "query", "vendor", "product_type", "tag")
_SAME = (
    "status", "format", "filename", "total", "exported", "byte_size", "error", "created_at", "started_at",
    "finished_at",
)  # fmt: skip


@admin_api.operation(
    "POST",
    "/exports",
    summary="Export products to a file, as a job",
    tag="imports and exports",
    takes=NewExport,
    answers=ExportView,
    status=201,
    access="admin",
    permission="read_products",
    optional_body=True,
)
def create_export_job(call: Call, body: NewExport) -> ExportView:
    filters: dict[str, Any] = {name: getattr(body, name) for name in _FILTERS}
    if body.collection_id is not None:
        sent = [body.collection_id]
        filters["collection_id"] = known_ids(call.session, "collection_id", ids.COLLECTION, sent, Collection.id)[0]
    return _view(read_export(call.session, ask_export(call.session, body.format, filters, call.actor)))


@admin_api.operation(
    "GET",
    "/exports",
    summary="List exports, newest first",
    tag="imports and exports",
    takes=CursorParameters,
    answers=ExportPage,
    access="admin",
    permission="read_products",
)
def list_export_jobs(call: Call, query: CursorParameters) -> ExportPage:
    wanted = select(*JOB).where(*after(ExportJob.id.expression, query.after)).order_by(ExportJob.id.desc())
    rows = call.session.execute(wanted.limit(query.limit + 1)).all()
    return ExportPage(exports=[_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/exports/{export_id}",
    summary="Read how far an export is",
    tag="imports and exports",
    takes=Nothing,
    answers=ExportView,
    access="admin",
    permission="read_products",
)
def read_export_job(call: Call, _query: Nothing) -> ExportView:
    return _view(read_export(call.session, ids.decode(ids.EXPORT, call.path["export_id"])))


@admin_api.operation(
    "GET",
    "/exports/{export_id}/file",
    summary="Fetch the file of an export",
    tag="imports and exports",
    takes=Nothing,
    answers=ExportFile,
    access="admin",
    permission="read_products",
    edge=True,
    media_types=tuple(TYPES.values()),
    problems={409: "`export_not_ready` with its `status`."},
)
def fetch_export_file(call: Call, _query: Nothing) -> Response:
    with transaction(call.scope, read_only=True) as session:
        job = finished_export(session, ids.decode(ids.EXPORT, call.path["export_id"]))
    reader = open_parts(media_storage(config()), str(job.source["key"]), int(job.source["parts"]))
    response = Response(_chunks(reader), content_type=f"{TYPES[job.format]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{job.filename}"'
    response.headers["Content-Length"] = str(job.byte_size)
    return response


def _chunks(reader: PartReader) -> Iterator[bytes]:
    with reader:
        while chunk := reader.read(CHUNK):
            yield chunk


def _view(row: Row[Any]) -> ExportView:
    same: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    return ExportView(**same, id=ids.encode(ids.EXPORT, row.id))
