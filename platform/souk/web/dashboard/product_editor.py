"""The page of one product: make it, change it, copy it, delete it."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import components_of
from souk.catalog.delete_product import delete_product
from souk.catalog.digital.files import files_of
from souk.catalog.duplicate_product import duplicate_product
from souk.catalog.edit_variants import VariantEdit, edit_variants
from souk.catalog.errors import ProductMissing
from souk.catalog.gift_card import is_gift_card
from souk.catalog.models import INVENTORY_POLICIES, PRODUCT_STATUSES, Category
from souk.catalog.save_product import save_product
from souk.catalog.set_options import set_options
from souk.catalog.update_details import update_details
from souk.inventory.adjust import set_on_hand
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.media.configured import media_storage
from souk.media.focus import set_focus
from souk.media.store import KeptImage, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.gallery import Picture, keep_uploads, stored_pictures, typed_pictures
from souk.web.dashboard.metafield_inputs import save_inputs, stored_inputs, typed_inputs
from souk.web.dashboard.order_reads import Rows
from souk.web.dashboard.pages import done, page, picture_url, zone
from souk.web.dashboard.product_form import (
    ProductForm,
    details_of,
    draft_of,
    form_of_product,
    form_of_request,
    options_of,
    variant_of,
)
from souk.web.dashboard.product_reads import collection_ids_of, list_collections, read_product, variants_of
from souk.web.dashboard.stock import whole_number
from themes.alternates import alternates

# A large matrix is written by thousands of rows.
TIMEOUT_MS = 20_000


@blueprint.route("/shops/<slug>/products/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_product(access: ShopAccess) -> Answer:
    return _edit(access, None)


@blueprint.route("/shops/<slug>/products/<int:product_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def product(access: ShopAccess, product_id: int) -> Answer:
    return _edit(access, product_id)


@blueprint.post("/shops/<slug>/products/<int:product_id>/duplicate")
@in_shop(Permission.CATALOG)
def duplicate(access: ShopAccess, product_id: int) -> Answer:
    with transaction(access.scope) as session:
        made = duplicate_product(session, product_id, request.form.get("title", ""))
    return done("This is the copy, a draft without stock.", "product", access, product_id=made)


@blueprint.post("/shops/<slug>/products/<int:product_id>/delete")
@in_shop(Permission.CATALOG)
def remove_product(access: ShopAccess, product_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            delete_product(session, product_id)
    except ProductMissing:
        raise
    except SoukError as error:
        return _editor(access, product_id, None, error), error.status
    return done("The product is deleted.", "products", access)


def _edit(access: ShopAccess, product_id: int | None) -> Answer:
    if request.method == "GET":
        return _editor(access, product_id, None)
    form = form_of_request(request.form, request.form.getlist("collection_ids"))
    try:
        kept = keep_uploads(access)
        with transaction(access.scope, timeout_ms=TIMEOUT_MS) as session:
            form.pictures = [*_typed(session), *_recorded(session, kept, form.texts["title"])]
            saved = _create(session, form) if product_id is None else _update(session, product_id, form)
    except SoukError as error:
        # The transaction is undone and with it the rows of new files; their bytes are kept and found again by hash.
        return _editor(access, product_id, form, error), error.status
    return done("The product is saved.", "product", access, product_id=saved)


def _typed(session: Session) -> list[Picture]:
    return typed_pictures(session, request.form, request.form.getlist("media"))


def _recorded(session: Session, kept: list[KeptImage], alt: str) -> list[Picture]:
    return [Picture(record_image(session, each).id, each.storage_key, alt) for each in kept]


def _create(session: Session, form: ProductForm) -> int:
    product_id = save_product(session, draft_of(form, _currency(), zone()))
    options = options_of(form)
    if options:
        set_options(session, product_id, options)
    _finish(session, product_id, form)
    for variant in variants_of(session, product_id) if form.cells["on_hand"] else ():
        _count(session, variant, form)
    return product_id


def _update(session: Session, product_id: int, form: ProductForm) -> int:
    update_details(session, product_id, details_of(form, zone()))
    variants = variants_of(session, product_id)
    if len(variants) == 1:
        wanted = variant_of(form, _currency())
        names = ("price", "compare_at_price", "cost", "sku", "barcode", "weight_grams", "unit_measure",
                 "inventory_policy",
                 "backorder_limit", "inventory_tracked")  # fmt: skip
        edit_variants(session, {variants[0].id: VariantEdit(**{name: getattr(wanted, name) for name in names})})
        _count(session, variants[0], form)
    _finish(session, product_id, form)
    return product_id


def _finish(session: Session, product_id: int, form: ProductForm) -> None:
    set_focus(session, {picture.id: picture.focus for picture in form.pictures})
    save_inputs(session, "product", product_id, request.form)


def _count(session: Session, variant: Any, form: ProductForm) -> None:
    text = form.cells["on_hand"]
    if text and whole_number(text) != variant.on_hand:
        set_on_hand(session, variant.id, None, whole_number(text), "edited", current_user.record.actor)


def _editor(
    access: ShopAccess, product_id: int | None, form: ProductForm | None, error: SoukError | None = None
) -> str:
    with transaction(access.scope, read_only=True) as session:
        variants = _variants(session, product_id)
        inputs = (
            stored_inputs(session, "product", product_id)
            if form is None
            else typed_inputs(session, "product", request.form)
        )
        if form is None:
            form = _stored(session, product_id, variants)
        elif not form.pictures:
            form.pictures = _typed(session)
        collections, categories = list_collections(session), _categories(session)
        templates = alternates(session, "product")
        stored = read_product(session, product_id) if product_id else None
        files = files_of(session, product_id) if product_id else []
        gift_card = is_gift_card(session, product_id) if product_id else False
        parts = components_of(session, [variants[0].id]).get(variants[0].id, []) if len(variants) == 1 else []
    return page(
        "product.html", form=form, product_id=product_id, variants=variants, inputs=inputs,
        options=stored.options if stored else [], parts=parts, files=files, gift_card=gift_card, templates=templates,
        collections=collections, categories=categories, statuses=PRODUCT_STATUSES, policies=INVENTORY_POLICIES,
        picture=picture_url, direct=bool(media_storage(config()).upload_origin),
        failed=str(error.extra.get("field", "")) if error else "", error=error,
    )  # fmt: skip


def _variants(session: Session, product_id: int | None) -> Rows:
    return variants_of(session, product_id) if product_id else []


def _stored(session: Session, product_id: int | None, variants: Rows) -> ProductForm:
    if product_id is None:
        return ProductForm()
    found = read_product(session, product_id)
    if found is None:
        raise ProductMissing
    form = form_of_product(found, variants[0], _currency(), zone())
    form.collection_ids = collection_ids_of(session, product_id)
    form.pictures = stored_pictures(session, product_id)
    return form


def _categories(session: Session) -> list[tuple[int, str]]:
    rows = session.execute(select(Category.id, Category.path).order_by(Category.path).limit(1_000))
    return [(row.id, " / ".join(row.path)) for row in rows]


def _currency() -> str:
    return str(g.shop_settings.get("currency", "USD"))
