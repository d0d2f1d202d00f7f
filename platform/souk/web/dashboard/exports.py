"""Take products out into a file."""

from __future__ import annotations

import io

from flask import Response, jsonify, request
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import FileWrapper

from souk.catalog.exporting.filters import NAMES
from souk.catalog.exporting.jobs import ask_export, finished_export, list_exports
from souk.catalog.models import PRODUCT_STATUSES
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.media.configured import media_storage
from souk.media.parts import open_parts
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.product_reads import list_collections

WAITING = frozenset(["queued", "running"])
_TYPES = {"shopify": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}


@blueprint.get("/shops/<slug>/exports")
@in_shop(Permission.CATALOG)
def exports(access: ShopAccess) -> Answer:
    return _list(access)


def _list(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        jobs, collections = list_exports(session), list_collections(session)
    return page(
        "exports.html", jobs=jobs, collections=collections, statuses=PRODUCT_STATUSES, error=error,
        waiting=any(job.status in WAITING for job in jobs),
    )  # fmt: skip


@blueprint.post("/shops/<slug>/exports")
@in_shop(Permission.CATALOG)
def make_export(access: ShopAccess) -> Answer:
    filters = {name: request.form.get(name, "").strip() for name in NAMES}
    try:
        with transaction(access.scope) as session:
            ask_export(session, request.form.get("format", ""), filters, current_user.record.actor)
    except SoukError as error:
        return _list(access, error), error.status
    return done("The file is being written; it stands below once it is whole.", "exports", access)


@blueprint.get("/shops/<slug>/exports/progress.json")
@in_shop(Permission.CATALOG)
def export_progress(access: ShopAccess) -> BaseResponse:
    with transaction(access.scope, read_only=True) as session:
        jobs = list_exports(session)
    running = [job for job in jobs if job.status in WAITING]
    done_so_far, total = sum(job.exported for job in running), sum(job.total for job in running)
    return jsonify(running=bool(running), percent=done_so_far * 100 // max(total, 1), products=done_so_far)


@blueprint.get("/shops/<slug>/exports/<int:job_id>/file")
@in_shop(Permission.CATALOG)
def export_file(access: ShopAccess, job_id: int) -> BaseResponse:
    with transaction(access.scope, read_only=True) as session:
        job = finished_export(session, job_id)
    reader = io.BufferedReader(open_parts(media_storage(config()), job.source["key"], job.source["parts"]))
    answer = Response(FileWrapper(reader, 65_536), content_type=_TYPES[job.format], direct_passthrough=True)
    answer.headers.set("Content-Disposition", "attachment", filename=job.filename)
    answer.content_length = job.byte_size
    return answer
