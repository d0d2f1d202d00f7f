"""Read and change one variant without sending its product."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.bundles.compose import set_components
from souk.catalog.bundles.errors import BundleInvalid
from souk.catalog.drafts import check_product
from souk.catalog.errors import VariantMissing
from souk.catalog.models import Product, Variant
from souk.catalog.present import present_draft
from souk.catalog.save_product import variant_values
from souk.catalog.update_product import touch_products
from souk.kernel import ids
from souk.web.api.admin.product_drafts import changed_variant
from souk.web.api.admin.product_rows import admin_variants
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_products import AdminVariant, Components, VariantChanges
from souk.web.api.schemas.common import Nothing
from souk.web.api.shop.product_rows import shop_currency


@admin_api.operation(
    "GET",
    "/variants/{variant_id}",
    summary="Read a variant",
    tag="products",
    takes=Nothing,
    answers=AdminVariant,
    access="admin",
    permission="read_products",
)
def read_variant(call: Call, _query: Nothing) -> AdminVariant:
    return _one(call.session, ids.decode(ids.VARIANT, call.path["variant_id"]))


@admin_api.operation(
    "PATCH",
    "/variants/{variant_id}",
    summary="Change a variant; what is left out stays as it is",
    tag="products",
    takes=VariantChanges,
    answers=AdminVariant,
    access="admin",
    permission="write_products",
)
def change_variant(call: Call, body: VariantChanges) -> AdminVariant:
    variant_id = ids.decode(ids.VARIANT, call.path["variant_id"])
    product_id, _options = _product_of(call.session, variant_id)
    draft, currency = present_draft(call.session, product_id), shop_currency(call.session)
    position, present = next((n, one) for n, one in enumerate(draft.variants, 1) if one.id == variant_id)
    changed = changed_variant(call.session, present, body, currency)
    check_product(replace(draft, variants=(*draft.variants[: position - 1], changed, *draft.variants[position:])))
    values = variant_values(product_id, position, changed)
    call.session.execute(update(Variant).where(Variant.id == variant_id).values(values))
    touch_products(call.session, [product_id])
    return _one(call.session, variant_id)


@admin_api.operation(
    "PUT",
    "/variants/{variant_id}/components",
    summary="Say what a bundle consists of; it is sold from the stock of its components",
    tag="products",
    takes=Components,
    answers=AdminVariant,
    access="admin",
    permission="write_products",
    problems={422: "`bundle_invalid`: it would contain itself, another bundle, or a variant that is gone."},
)
def set_variant_components(call: Call, body: Components) -> AdminVariant:
    variant_id = ids.decode(ids.VARIANT, call.path["variant_id"])
    wanted = {ids.decode(ids.VARIANT, one.variant_id): one.quantity for one in body.components}
    if len(wanted) < len(body.components):
        raise BundleInvalid("a variant stands in it twice; add up its units.")
    set_components(call.session, variant_id, wanted)
    return _one(call.session, variant_id)


def _product_of(session: Session, variant_id: int) -> tuple[int, list[str]]:
    query = select(Product.id, Product.options).join(Variant, Variant.product_id == Product.id)
    row = session.execute(query.where(Variant.id == variant_id)).first()
    if row is None:
        raise VariantMissing
    return row.id, [str(option["name"]) for option in row.options]


def _one(session: Session, variant_id: int) -> AdminVariant:
    product_id, names = _product_of(session, variant_id)
    return admin_variants(session, [Variant.id == variant_id], {product_id: names}, shop_currency(session))[0]
