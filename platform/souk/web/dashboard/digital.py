"""The files of a product: upload, for whom, how often and how long they can be downloaded."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.catalog.digital.errors import BadDownloadLimit, FileInvalid
from souk.catalog.digital.files import MOST_BYTES, add_file, files_of, forget, remove_file, store_file
from souk.catalog.digital.limits import (
    MOST_DAYS,
    MOST_TIMES,
    Limits,
    product_limits,
    set_product_limits,
    set_shop_limits,
    shop_limits,
)
from souk.catalog.errors import ProductMissing
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.product_reads import read_product, variants_of
from souk.web.file_size import size_of

_MAX_DIGITS = 16


@blueprint.url_value_preprocessor
def allow_sold_files(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Before anything reads the form: what is sold may be larger than what is typed."""
    if endpoint == "dashboard.upload_file" and current_user.is_authenticated:
        request.max_content_length = MOST_BYTES


@blueprint.get("/shops/<slug>/products/<int:product_id>/files")
@in_shop(Permission.CATALOG)
def files(access: ShopAccess, product_id: int) -> Answer:
    return _files_page(access, product_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/files")
@in_shop(Permission.CATALOG)
def upload_file(access: ShopAccess, product_id: int) -> Answer:
    try:
        _take(access, product_id)
    except NotFound:
        raise
    except SoukError as error:
        return _files_page(access, product_id, error), error.status
    return done("The file is kept; buyers get it once they have paid.", "files", access, product_id=product_id)


def _take(access: ShopAccess, product_id: int) -> None:
    with transaction(access.scope, read_only=True) as session:
        product_limits(session, product_id)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise FileInvalid("Choose the file first.")
    chosen = request.form.get("variant_id", "")
    variant_id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) <= _MAX_DIGITS else None
    storage = media_storage(config())
    stored = store_file(storage, access.tenant_id, upload.stream)
    try:
        with transaction(access.scope) as session:
            add_file(session, product_id, variant_id, upload.filename, stored, ships="ships" in request.form)
    except BaseException:
        forget(storage, stored)
        raise


@blueprint.post("/shops/<slug>/products/<int:product_id>/files/<int:file_id>/remove")
@in_shop(Permission.CATALOG)
def drop_file(access: ShopAccess, product_id: int, file_id: int) -> Answer:
    with transaction(access.scope) as session:
        remove_file(session, product_id, file_id)
    return done("The file is out of the product; who bought it keeps it.", "files", access, product_id=product_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/download-limits")
@in_shop(Permission.CATALOG)
def limit_downloads(access: ShopAccess, product_id: int) -> Answer:
    """Keep the limits of the product, or with `for=shop` those of products without any."""
    try:
        times, days = _number("times", MOST_TIMES), _number("days", MOST_DAYS)
        with transaction(access.scope) as session:
            product_limits(session, product_id)
            if request.form.get("for") == "shop":
                usual = shop_limits(session)
                set_shop_limits(session, Limits(times or usual.times, days or usual.days))
            else:
                set_product_limits(session, product_id, times, days)
    except ProductMissing:
        raise
    except SoukError as error:
        return _files_page(access, product_id, error), error.status
    return done("The limits are kept.", "files", access, product_id=product_id)


def _number(name: str, most: int) -> int | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _MAX_DIGITS:
        raise BadDownloadLimit(name, most)
    return int(text)


def _files_page(access: ShopAccess, product_id: int, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        found = read_product(session, product_id)
        if found is None:
            raise ProductMissing
        rows, variants = files_of(session, product_id), variants_of(session, product_id, limit=500)
        own, usual = product_limits(session, product_id), shop_limits(session)
    names = {variant.id: variant.title for variant in variants}
    return page(
        "files.html", product=found, rows=rows, variants=variants, names=names, own=own, usual=usual, size=size_of,
        most_times=MOST_TIMES, most_days=MOST_DAYS, error=error,
    )  # fmt: skip
