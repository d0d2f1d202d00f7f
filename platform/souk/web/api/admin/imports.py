"""Imports as jobs: send a file, check it, apply it, follow it, undo it."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from souk.catalog.importing.jobs import JOB, choose_mapping, create_import, percent, read_import, start, stop
from souk.catalog.importing.mappings import mapping_for
from souk.catalog.importing.models import ImportJob
from souk.catalog.importing.results import list_results
from souk.catalog.importing.upload import Upload, store_upload
from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.media.configured import media_storage
from souk.media.parts import delete_parts
from souk.web.api.cursors import after, cursor_after, cursor_of, position
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_files import (
    MOST_FILE_TEXT,
    ImportPage,
    ImportRows,
    ImportRowView,
    ImportStep,
    ImportView,
    NewImport,
    RowParameters,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import CursorParameters

_SAME = (
    "status", "filename", "format", "byte_size", "columns", "mapping", "created", "updated", "unchanged", "refused",
    "error", "created_at", "started_at", "finished_at",
)  # fmt: skip
_ROW_SAME = ("number", "line", "last_line", "handle", "title", "action", "written", "reasons", "changes")
BUSY = {409: "`import_running`: another one writes, or the import is at another step."}


@admin_api.operation(
    "POST",
    "/imports",
    summary="Import products from a file, as a job",
    tag="imports and exports",
    takes=NewImport,
    answers=ImportView,
    status=201,
    access="admin",
    permission="write_products",
    edge=True,
    most_bytes=MOST_FILE_TEXT * 2,
    file_fields=frozenset(["content"]),
    problems=BUSY,
)
def create_import_job(call: Call, body: NewImport) -> ImportView:
    # Outside any transaction: the storage may be another machine.
    storage, stream = media_storage(config()), io.BytesIO(body.content.encode())
    upload = store_upload(storage, call.scope.tenant_id, stream, body.filename)
    try:
        return _made(call, body, upload)
    except BaseException:
        # No job names the file, so that nothing would ever take it away.
        delete_parts(storage, upload.file.key, upload.file.parts)
        raise


def _made(call: Call, body: NewImport, upload: Upload) -> ImportView:
    with transaction(call.scope) as session:
        mapped = mapping_for(session, upload)
        job_id = create_import(session, upload, mapped, call.actor)
        if body.fields is not None or body.decimal is not None:
            choose_mapping(session, job_id, body.fields or mapped.fields, body.decimal or mapped.decimal)
        start(session, job_id, body.step)
        return import_view(read_import(session, job_id))


@admin_api.operation(
    "GET",
    "/imports",
    summary="List imports, newest first",
    tag="imports and exports",
    takes=CursorParameters,
    answers=ImportPage,
    access="admin",
    permission="read_products",
)
def list_import_jobs(call: Call, query: CursorParameters) -> ImportPage:
    wanted = select(*JOB).where(ImportJob.resource == "products", *after(ImportJob.id.expression, query.after))
    rows = call.session.execute(wanted.order_by(ImportJob.id.desc()).limit(query.limit + 1)).all()
    return ImportPage(
        imports=[import_view(row) for row in rows[: query.limit]], next_cursor=cursor_of(rows, query.limit)
    )


@admin_api.operation(
    "GET",
    "/imports/{import_id}",
    summary="Read how far an import is",
    tag="imports and exports",
    takes=Nothing,
    answers=ImportView,
    access="admin",
    permission="read_products",
)
def read_import_job(call: Call, _query: Nothing) -> ImportView:
    return import_view(read_import(call.session, _import_id(call)))


@admin_api.operation(
    "GET",
    "/imports/{import_id}/rows",
    summary="Read what becomes of each product of the file, in the file's order",
    tag="imports and exports",
    takes=RowParameters,
    answers=ImportRows,
    access="admin",
    permission="read_products",
)
def list_import_rows(call: Call, query: RowParameters) -> ImportRows:
    import_id = _import_id(call)
    read_import(call.session, import_id)
    rows = list_results(
        call.session, import_id, action=query.action or "", after=position(query.after), limit=query.limit + 1
    )
    shown = rows[: query.limit]
    cursor = cursor_after(shown[-1].number) if len(rows) > query.limit else None
    return ImportRows(rows=[import_row(row) for row in shown], next_cursor=cursor)


@admin_api.operation(
    "POST",
    "/imports/{import_id}/steps",
    summary="Check, apply, resume, undo or stop an import",
    tag="imports and exports",
    takes=ImportStep,
    answers=ImportView,
    access="admin",
    permission="write_products",
    problems=BUSY,
)
def take_import_step(call: Call, body: ImportStep) -> ImportView:
    import_id = _import_id(call)
    step_import(call.session, import_id, body.step)
    return import_view(read_import(call.session, import_id))


def step_import(session: Session, import_id: int, step: str) -> None:
    """Take a step of any kind of import."""
    if step == "stop":
        stop(session, import_id)
    else:
        start(session, import_id, step)


def _import_id(call: Call) -> int:
    return ids.decode(ids.IMPORT, call.path["import_id"])


def import_view(row: Row[Any]) -> ImportView:
    """Return a job as the API shows it."""
    same: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    return ImportView(**same, id=ids.encode(ids.IMPORT, row.id), percent=percent(row))


def import_row(row: Row[Any]) -> ImportRowView:
    """Return what became of one object of the file."""
    same: dict[str, Any] = {name: getattr(row, name) for name in _ROW_SAME}
    return ImportRowView(**same, product_id=ids.encode(ids.PRODUCT, row.product_id) if row.product_id else None)
