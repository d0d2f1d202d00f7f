"""The list of products and the editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy.orm import Session

from souk.catalog.errors import ProductMissing
from souk.catalog.models import PRODUCT_STATUSES
from souk.catalog.save_product import save_product
from souk.catalog.update_product import update_product
from souk.inventory.adjust import set_on_hand
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.media.configured import media_storage
from souk.media.store import KeptImage, keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, done, page, page_number, picture_url
from souk.web.dashboard.product_form import ProductForm, draft_of, form_of_product, form_of_request
from souk.web.dashboard.product_reads import (
    collection_ids_of,
    list_collections,
    list_products,
    pictures_of,
    read_product,
    variants_of,
)
from souk.web.dashboard.stock import whole_number


@blueprint.get("/shops/<slug>/products")
@in_shop()
def products(access: ShopAccess) -> Answer:
    query = request.args.get("q", "").replace("\0", "").strip()[:100]
    status = request.args.get("status", "")
    status = status if status in PRODUCT_STATUSES else ""
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_products(session, query=query, status=status, page=number)
    return page(
        "products.html", rows=rows, total=total, query=query, status=status, statuses=PRODUCT_STATUSES,
        number=number, per_page=PER_PAGE, picture=picture_url,
    )  # fmt: skip


@blueprint.route("/shops/<slug>/products/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_product(access: ShopAccess) -> Answer:
    return _edit(access, None)


@blueprint.route("/shops/<slug>/products/<int:product_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def product(access: ShopAccess, product_id: int) -> Answer:
    return _edit(access, product_id)


def _edit(access: ShopAccess, product_id: int | None) -> Answer:
    if request.method == "GET":
        return _editor(access, product_id, None)
    form = form_of_request(request.form, request.form.getlist("collection_ids"))
    try:
        # The files go before the transaction: their storage may be across a network.
        kept = [keep_image(media_storage(config()), access.tenant_id, *upload) for upload in _uploads()]
        with transaction(access.scope) as session:
            saved = _save(session, product_id, form, kept)
    except SoukError as error:
        return _editor(access, product_id, form, error), error.status
    return done("The product is saved.", "product", access, product_id=saved)


def _editor(
    access: ShopAccess, product_id: int | None, form: ProductForm | None, error: SoukError | None = None
) -> str:
    with transaction(access.scope, read_only=True) as session:
        collections = list_collections(session)
        pictures = pictures_of(session, product_id) if product_id else []
        form = form or _stored_form(session, product_id)
    return page(
        "product.html", form=form.with_blank_rows(), product_id=product_id, pictures=pictures,
        collections=collections, statuses=PRODUCT_STATUSES, picture=picture_url, error=error,
    )  # fmt: skip


def _stored_form(session: Session, product_id: int | None) -> ProductForm:
    if product_id is None:
        return ProductForm()
    found = read_product(session, product_id)
    if found is None:
        raise ProductMissing
    variants = variants_of(session, product_id)
    return form_of_product(found, variants, collection_ids_of(session, product_id), _currency())


def _uploads() -> list[tuple[bytes, str]]:
    return [(upload.read(), upload.filename) for upload in request.files.getlist("pictures") if upload.filename]


def _save(session: Session, product_id: int | None, form: ProductForm, uploads: Sequence[KeptImage]) -> int:
    present = variants_of(session, product_id) if product_id else []
    draft = draft_of(form, present, _currency(), _pictures(session, product_id, uploads))
    if product_id is None:
        product_id = save_product(session, draft)
    else:
        found = read_product(session, product_id)
        if found is None:
            raise ProductMissing
        specifications = tuple((item["name"], item["value"]) for item in found.specifications)
        kept: dict[str, Any] = {"category_id": found.category_id, "template_suffix": found.template_suffix}
        update_product(session, product_id, replace(draft, specifications=specifications, **kept))
    _count(session, product_id, form)
    return product_id


def _pictures(session: Session, product_id: int | None, uploads: Sequence[KeptImage]) -> tuple[tuple[int, str], ...]:
    present = pictures_of(session, product_id) if product_id else []
    gallery = [
        (row.media_id, request.form.get(f"alt-{row.media_id}", row.alt)[:300])
        for row in present
        if f"drop-{row.media_id}" not in request.form
    ]
    title = request.form.get("title", "")[:300]
    gallery += [(record_image(session, upload).id, title) for upload in uploads]
    return tuple(dict(gallery).items())


def _count(session: Session, product_id: int, form: ProductForm) -> None:
    # Saved variants come back in the order of the form's rows.
    for row, variant in zip(form.rows, variants_of(session, product_id), strict=True):
        if row["on_hand"] and whole_number(row["on_hand"]) != variant.on_hand:
            quantity = whole_number(row["on_hand"])
            set_on_hand(session, variant.id, None, quantity, "edited", current_user.record.actor)


def _currency() -> str:
    return str(g.shop_settings.get("currency", "USD"))
