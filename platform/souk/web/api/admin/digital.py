"""Files of products, and the downloads of orders."""

from __future__ import annotations

import io

from flask import g
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from souk.catalog.digital.files import SoldFile, add_file, files_of, forget, remove_file, store_file
from souk.catalog.digital.limits import product_limits, set_product_limits
from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.media.configured import media_storage
from souk.orders.downloads.read import DownloadView, downloads_of
from souk.orders.downloads.renew import extend_download, reset_download
from souk.orders.errors import UnknownOrder
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.web.api.admin.media import decoded
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_digital import (
    MOST_FILE_TEXT,
    DownloadLimits,
    Downloads,
    DownloadShape,
    Files,
    FileView,
    NewFile,
    RenewDownload,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted


@admin_api.operation(
    "GET",
    "/products/{product_id}/files",
    summary="List the files that buyers of a product get",
    tag="products",
    takes=Nothing,
    answers=Files,
    access="admin",
    permission="read_products",
)
def list_files(call: Call, _query: Nothing) -> Files:
    return _files(call.session, _product_id(call))


@admin_api.operation(
    "POST",
    "/products/{product_id}/files",
    summary="Add a file to a product; its buyers download it once they have paid",
    tag="products",
    takes=NewFile,
    answers=Files,
    status=201,
    access="admin",
    permission="write_products",
    edge=True,
    most_bytes=MOST_FILE_TEXT + 4_096,
)
def add_product_file(call: Call, body: NewFile) -> Files:
    product_id = _product_id(call)
    variant_id = ids.decode(ids.VARIANT, body.variant_id) if body.variant_id else None
    with transaction(call.scope, read_only=True) as session:
        product_limits(session, product_id)
    storage = media_storage(config())
    # Outside any transaction: the storage may be another machine.
    stored = store_file(storage, call.scope.tenant_id, io.BytesIO(decoded(body.content)))
    try:
        with transaction(call.scope) as session:
            add_file(session, product_id, variant_id, body.filename, stored, ships=body.ships)
            return _files(session, product_id)
    except BaseException:
        forget(storage, stored)
        raise


@admin_api.operation(
    "DELETE",
    "/products/{product_id}/files/{file_id}",
    summary="Take a file out of a product; who bought it keeps it",
    tag="products",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
)
def remove_product_file(call: Call, _query: Nothing) -> Deleted:
    file_id = ids.decode(ids.FILE, call.path["file_id"])
    remove_file(call.session, _product_id(call), file_id)
    return Deleted(id=ids.encode(ids.FILE, file_id))


@admin_api.operation(
    "PUT",
    "/products/{product_id}/download-limits",
    summary="Say how often and for how many days the files of a product can be downloaded",
    tag="products",
    takes=DownloadLimits,
    answers=Files,
    access="admin",
    permission="write_products",
)
def limit_product_downloads(call: Call, body: DownloadLimits) -> Files:
    set_product_limits(call.session, _product_id(call), body.times, body.days)
    return _files(call.session, _product_id(call))


@admin_api.operation(
    "GET",
    "/orders/{order_id}/downloads",
    summary="List what an order's buyer may download",
    tag="orders",
    takes=Nothing,
    answers=Downloads,
    access="admin",
    permission="read_orders",
)
def list_downloads(call: Call, _query: Nothing) -> Downloads:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    if call.session.scalar(select(exists().where(Order.id == order_id))) is not True:
        raise UnknownOrder
    return _downloads(call.session, order_id)


@admin_api.operation(
    "POST",
    "/orders/{order_id}/downloads/{download_id}/renew",
    summary="Let a buyer download again, more often or for longer",
    tag="orders",
    takes=RenewDownload,
    answers=Downloads,
    access="admin",
    permission="write_orders",
)
def renew_order_download(call: Call, body: RenewDownload) -> Downloads:
    order_id = ids.decode(ids.ORDER, call.path["order_id"])
    download_id = ids.decode(ids.DOWNLOAD, call.path["download_id"])
    lock_order(call.session, order_id)
    if body.reset:
        reset_download(call.session, order_id, download_id, call.actor)
    if body.extend_days is not None:
        extend_download(call.session, order_id, download_id, body.extend_days, call.actor)
    return _downloads(call.session, order_id)


def _product_id(call: Call) -> int:
    return ids.decode(ids.PRODUCT, call.path["product_id"])


def _files(session: Session, product_id: int) -> Files:
    times, days = product_limits(session, product_id)
    return Files(files=[_file(one) for one in files_of(session, product_id)], times=times, days=days)


def _file(one: SoldFile) -> FileView:
    return FileView(
        id=ids.encode(ids.FILE, one.id),
        filename=one.filename,
        byte_size=one.byte_size,
        variant_id=ids.encode(ids.VARIANT, one.variant_id) if one.variant_id is not None else None,
        created_at=one.created_at,
    )


def _downloads(session: Session, order_id: int) -> Downloads:
    origin = config().origin(g.shop.primary_host)
    return Downloads(downloads=[_download(one, origin) for one in downloads_of(session, order_id)])


def _download(one: DownloadView, origin: str) -> DownloadShape:
    return DownloadShape.model_validate(
        {
            "id": ids.encode(ids.DOWNLOAD, one.id),
            "line_item_id": ids.encode(ids.LINE, one.order_line_id),
            "filename": one.filename,
            "byte_size": one.byte_size,
            "status": one.status,
            "used": one.used,
            "limit": one.most,
            "expires_at": one.expires_at,
            "url": f"{origin}/downloads/{one.token}",
        }
    )
