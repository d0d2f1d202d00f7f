"""Bring products in from a file: upload, choose the columns, see what would change, apply, undo."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from souk.catalog.importing.error_file import error_file
from souk.catalog.importing.fields import METAFIELD, by_level, field_of
from souk.catalog.importing.jobs import (
    RUNNING,
    choose_mapping,
    create_import,
    has_whole_products,
    list_imports,
    percent,
    read_import,
    start,
    stop,
)
from souk.catalog.importing.mappings import forget_mapping, list_mappings, mapping_for
from souk.catalog.importing.results import ACTIONS, count_written, list_results
from souk.catalog.importing.upload import read_samples, store_upload
from souk.catalog.metafields.define import list_definitions
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page

MAX_UPLOAD_BYTES = 512 * 1024 * 1024
STEPS = {
    "check": "The check has begun.",
    "apply": "The import has begun; it goes on when you leave this page.",
    "resume": "The import goes on.",
    "undo": "The undo has begun.",
}


class NoFile(Invalid):
    code = "no_file"

    def __init__(self) -> None:
        super().__init__("Choose the file first: CSV or JSON Lines, plain or gzipped.", field="file")


@blueprint.url_value_preprocessor
def take_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let people who are signed in send large files here; this runs before anything reads the form."""
    if endpoint in {"dashboard.upload_import", "dashboard.upload_order_import"} and current_user.is_authenticated:
        request.max_content_length = MAX_UPLOAD_BYTES


@blueprint.get("/shops/<slug>/imports")
@in_shop(Permission.CATALOG)
def imports(access: ShopAccess) -> Answer:
    return _list(access)


def _list(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        jobs, mappings = list_imports(session), list_mappings(session)
    limit = MAX_UPLOAD_BYTES // 1024**2
    return page("imports.html", jobs=jobs, mappings=mappings, limit=limit, error=error)


@blueprint.post("/shops/<slug>/imports")
@in_shop(Permission.CATALOG)
def upload_import(access: ShopAccess) -> Answer:
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoFile
        upload = store_upload(media_storage(config()), access.tenant_id, sent.stream, sent.filename)
    except SoukError as error:
        return _list(access, error), error.status
    with transaction(access.scope) as session:
        job_id = create_import(session, upload, mapping_for(session, upload), current_user.record.actor)
    return redirect(url_for("dashboard.import_job", slug=access.slug, job_id=job_id), 303)


@blueprint.get("/shops/<slug>/imports/<int:job_id>")
@in_shop(Permission.CATALOG)
def import_job(access: ShopAccess, job_id: int) -> Answer:
    return _job_page(access, job_id)


def _job_page(access: ShopAccess, job_id: int, error: SoukError | None = None) -> str:
    action, after = asked("show", ACTIONS), asked("after")
    first = int(after) if after.isascii() and after.isdecimal() and len(after) < 16 else 0  # noqa: PLR2004 - fits a bigint
    with transaction(access.scope, read_only=True) as session:
        job = read_import(session, job_id)
        written = count_written(session, job_id)
        rows = list_results(session, job_id, action=action, after=first, limit=PER_PAGE + 1)
        metafields = [field_of(METAFIELD + each.full_key) for each in list_definitions(session, "product")]
    mapping = job.status == "uploaded" or "mapping" in request.args
    running = job.status in RUNNING
    samples = read_samples(media_storage(config()), job) if mapping and not running else []
    return page(
        "import.html", job=job, rows=rows[:PER_PAGE], more=len(rows) > PER_PAGE, action=action, first=first,
        written=written, percent=percent(job), running=running, samples=samples, mapping=mapping,
        whole=has_whole_products(job), levels={**by_level(), "Metafields": metafields}, actions=ACTIONS, error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/imports/<int:job_id>/mapping")
@in_shop(Permission.CATALOG)
def map_import(access: ShopAccess, job_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            columns = read_import(session, job_id).columns
            chosen = {column: request.form.get(f"column-{index}", "") for index, column in enumerate(columns)}
            choose_mapping(session, job_id, chosen, request.form.get("decimal", "."))
            start(session, job_id, "check")
    except SoukError as error:
        return _job_page(access, job_id, error), error.status
    return done(STEPS["check"], "import_job", access, job_id=job_id)


@blueprint.post("/shops/<slug>/imports/<int:job_id>/<any(check, apply, resume, undo, stop):step>")
@in_shop(Permission.CATALOG)
def step_import(access: ShopAccess, job_id: int, step: str) -> Answer:
    try:
        with transaction(access.scope) as session:
            if step == "stop":
                stop(session, job_id)
            else:
                start(session, job_id, step)
    except SoukError as error:
        return _job_page(access, job_id, error), error.status
    return done(STEPS.get(step, "The import has stopped."), "import_job", access, job_id=job_id)


@blueprint.get("/shops/<slug>/imports/<int:job_id>/progress.json")
@in_shop(Permission.CATALOG)
def import_progress(access: ShopAccess, job_id: int) -> BaseResponse:
    with transaction(access.scope, read_only=True) as session:
        job = read_import(session, job_id)
    counts = {name: getattr(job, name) for name in ACTIONS}
    return jsonify(percent=percent(job), running=job.status in RUNNING, products=job.next_number - 1, **counts)


@blueprint.get("/shops/<slug>/imports/<int:job_id>/errors")
@in_shop(Permission.CATALOG)
def import_errors(access: ShopAccess, job_id: int) -> BaseResponse:
    with transaction(access.scope, read_only=True) as session:
        job = read_import(session, job_id)
    ending, kind = ("jsonl", "application/x-ndjson") if job.format == "jsonl" else ("csv", "text/csv")
    answer = Response(error_file(access.scope, media_storage(config()), job), content_type=f"{kind}; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"import-{job_id}-errors.{ending}")
    return answer


@blueprint.post("/shops/<slug>/imports/mappings/<int:mapping_id>/forget")
@in_shop(Permission.CATALOG)
def forget_import_mapping(access: ShopAccess, mapping_id: int) -> Answer:
    with transaction(access.scope) as session:
        forget_mapping(session, mapping_id)
    return done("The columns are forgotten.", "imports", access)
