"""Orders of another system as a job: send a file, check or apply it, follow it."""

from __future__ import annotations

import io

from souk.catalog.importing.jobs import start
from souk.catalog.importing.results import list_results
from souk.catalog.importing.upload import Upload, store_upload
from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.media.configured import media_storage
from souk.media.parts import delete_parts
from souk.orders.importing.jobs import choose_columns, create_order_import, order_import
from souk.web.api.admin.imports import BUSY, import_row, import_view, step_import
from souk.web.api.cursors import cursor_after, position
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_files import (
    MOST_FILE_TEXT,
    ImportRows,
    ImportView,
    NewOrderImport,
    OrderImportStep,
    RowParameters,
)
from souk.web.api.schemas.common import Nothing


@admin_api.operation(
    "POST",
    "/order-imports",
    summary="Import the orders of another system from a file, as a job",
    tag="imports and exports",
    takes=NewOrderImport,
    answers=ImportView,
    status=201,
    access="admin",
    permission="write_orders",
    edge=True,
    most_bytes=MOST_FILE_TEXT * 2,
    file_fields=frozenset(["content"]),
    problems=BUSY,
)
def create_order_import_job(call: Call, body: NewOrderImport) -> ImportView:
    storage, stream = media_storage(config()), io.BytesIO(body.content.encode())
    upload = store_upload(storage, call.scope.tenant_id, stream, body.filename)
    try:
        return _made(call, body, upload)
    except BaseException:
        # No job names the file, so that nothing would ever take it away.
        delete_parts(storage, upload.file.key, upload.file.parts)
        raise


def _made(call: Call, body: NewOrderImport, upload: Upload) -> ImportView:
    with transaction(call.scope) as session:
        job_id = create_order_import(session, upload, call.actor)
        known = order_import(session, job_id).mapping
        if body.fields is not None or body.decimal is not None or body.currency is not None:
            fields, decimal = body.fields or known["fields"], body.decimal or known["decimal"]
            choose_columns(session, job_id, fields, decimal, body.currency or "")
        start(session, job_id, body.step)
        return import_view(order_import(session, job_id))


@admin_api.operation(
    "GET",
    "/order-imports/{import_id}",
    summary="Read how far an import of orders is",
    tag="imports and exports",
    takes=Nothing,
    answers=ImportView,
    access="admin",
    permission="read_orders",
)
def read_order_import_job(call: Call, _query: Nothing) -> ImportView:
    return import_view(order_import(call.session, _import_id(call)))


@admin_api.operation(
    "GET",
    "/order-imports/{import_id}/rows",
    summary="Read which orders of the file were refused, and why",
    tag="imports and exports",
    takes=RowParameters,
    answers=ImportRows,
    access="admin",
    permission="read_orders",
)
def list_order_import_rows(call: Call, query: RowParameters) -> ImportRows:
    import_id = _import_id(call)
    order_import(call.session, import_id)
    rows = list_results(
        call.session, import_id, action=query.action or "", after=position(query.after), limit=query.limit + 1
    )
    cursor = cursor_after(rows[query.limit - 1].number) if len(rows) > query.limit else None
    return ImportRows(rows=[import_row(row) for row in rows[: query.limit]], next_cursor=cursor)


@admin_api.operation(
    "POST",
    "/order-imports/{import_id}/steps",
    summary="Check, apply or stop an import of orders",
    tag="imports and exports",
    takes=OrderImportStep,
    answers=ImportView,
    access="admin",
    permission="write_orders",
    problems=BUSY,
)
def take_order_import_step(call: Call, body: OrderImportStep) -> ImportView:
    import_id = _import_id(call)
    order_import(call.session, import_id)
    step_import(call.session, import_id, body.step)
    return import_view(order_import(call.session, import_id))


def _import_id(call: Call) -> int:
    return ids.decode(ids.IMPORT, call.path["import_id"])
