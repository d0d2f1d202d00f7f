"""Bring in the orders of another system: upload, choose the columns, check, apply."""

from __future__ import annotations

from flask import jsonify, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from souk.catalog.importing.jobs import RUNNING, start, stop
from souk.catalog.importing.results import list_results
from souk.catalog.importing.upload import read_samples, store_upload
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.media.configured import media_storage
from souk.orders.importing.fields import LEVELS
from souk.orders.importing.jobs import choose_columns, create_order_import, list_order_imports, order_import
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.imports import MAX_UPLOAD_BYTES, NoFile
from souk.web.dashboard.pages import done, page

COUNTS = ("created", "unchanged", "refused")
_SHOWN = 100
_TOLD = {
    "check": "The check has begun.",
    "apply": "The import has begun; it goes on when you leave this page.",
    "stop": "The import has stopped.",
}


@blueprint.get("/shops/<slug>/order-imports")
@in_shop(Permission.ORDERS)
def order_imports(access: ShopAccess) -> Answer:
    return _list(access)


def _list(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        jobs = list_order_imports(session)
    return page("order_imports.html", jobs=jobs, limit=MAX_UPLOAD_BYTES // 1024**2, error=error)


@blueprint.post("/shops/<slug>/order-imports")
@in_shop(Permission.ORDERS)
def upload_order_import(access: ShopAccess) -> Answer:
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoFile
        upload = store_upload(media_storage(config()), access.tenant_id, sent.stream, sent.filename)
    except SoukError as error:
        return _list(access, error), error.status
    with transaction(access.scope) as session:
        job_id = create_order_import(session, upload, current_user.record.actor)
    return redirect(url_for("dashboard.order_import_job", slug=access.slug, job_id=job_id), 303)


@blueprint.get("/shops/<slug>/order-imports/<int:job_id>")
@in_shop(Permission.ORDERS)
def order_import_job(access: ShopAccess, job_id: int) -> Answer:
    return _job_page(access, job_id)


def _job_page(access: ShopAccess, job_id: int, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        job = order_import(session, job_id)
        refused = list_results(session, job_id, action="refused", limit=_SHOWN)
    running = job.status in RUNNING
    mapping = not running and (job.status == "uploaded" or "mapping" in request.args)
    samples = read_samples(media_storage(config()), job) if mapping else []
    return page(
        "order_import.html", job=job, refused=refused, running=running, mapping=mapping, samples=samples,
        levels=LEVELS, counts=COUNTS, error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/order-imports/<int:job_id>/mapping")
@in_shop(Permission.ORDERS)
def map_order_import(access: ShopAccess, job_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            columns = order_import(session, job_id).columns
            chosen = {column: request.form.get(f"column-{index}", "") for index, column in enumerate(columns)}
            choose_columns(session, job_id, chosen, request.form.get("decimal", "."), request.form.get("currency", ""))
            start(session, job_id, "check")
    except SoukError as error:
        return _job_page(access, job_id, error), error.status
    return done(_TOLD["check"], "order_import_job", access, job_id=job_id)


@blueprint.post("/shops/<slug>/order-imports/<int:job_id>/<any(check, apply, stop):step>")
@in_shop(Permission.ORDERS)
def step_order_import(access: ShopAccess, job_id: int, step: str) -> Answer:
    try:
        with transaction(access.scope) as session:
            order_import(session, job_id)
            if step == "stop":
                stop(session, job_id)
            else:
                start(session, job_id, step)
    except SoukError as error:
        return _job_page(access, job_id, error), error.status
    return done(_TOLD[step], "order_import_job", access, job_id=job_id)


@blueprint.get("/shops/<slug>/order-imports/<int:job_id>/progress.json")
@in_shop(Permission.ORDERS)
def order_import_progress(access: ShopAccess, job_id: int) -> BaseResponse:
    with transaction(access.scope, read_only=True) as session:
        job = order_import(session, job_id)
    counts = {name: getattr(job, name) for name in COUNTS}
    return jsonify(percent=0, running=job.status in RUNNING, orders=job.next_number - 1, **counts)
