"""Make, change and delete products."""

from __future__ import annotations

from souk.catalog.delete_product import delete_product
from souk.catalog.drafts import ProductDraft
from souk.catalog.present import present_draft
from souk.catalog.save_product import save_product
from souk.catalog.update_product import update_product
from souk.kernel import ids
from souk.web.api.admin.product_drafts import product_fields
from souk.web.api.admin.products import one_product
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_products import AdminProduct, NewProduct, ProductChanges
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted
from souk.web.api.shop.product_rows import shop_currency

MOST_BYTES = 4 * 1024 * 1024


@admin_api.operation(
    "POST",
    "/products",
    summary="Make a product",
    tag="products",
    takes=NewProduct,
    answers=AdminProduct,
    status=201,
    access="admin",
    permission="write_products",
    most_bytes=MOST_BYTES,
)
def create_product(call: Call, body: NewProduct) -> AdminProduct:
    named = {name: getattr(body, name) for name in type(body).model_fields}
    blank = ProductDraft(title="", variants=())
    draft = product_fields(call.session, named, shop_currency(call.session), blank)
    return one_product(call.session, save_product(call.session, draft))


@admin_api.operation(
    "PATCH",
    "/products/{product_id}",
    summary="Change a product; what is left out stays as it is",
    tag="products",
    takes=ProductChanges,
    answers=AdminProduct,
    access="admin",
    permission="write_products",
    most_bytes=MOST_BYTES,
    problems={409: "`product_changed` with the present `version`."},
)
def change_product(call: Call, body: ProductChanges) -> AdminProduct:
    product_id = ids.decode(ids.PRODUCT, call.path["product_id"])
    present = present_draft(call.session, product_id, seen_version=body.version)
    draft = product_fields(call.session, body.named(), shop_currency(call.session), present)
    update_product(call.session, product_id, draft)
    return one_product(call.session, product_id)


@admin_api.operation(
    "DELETE",
    "/products/{product_id}",
    summary="Delete a product that was never sold",
    tag="products",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_products",
    problems={409: "`product_in_orders`: archive it instead."},
)
def remove_product(call: Call, _query: Nothing) -> Deleted:
    product_id = ids.decode(ids.PRODUCT, call.path["product_id"])
    delete_product(call.session, product_id)
    return Deleted(id=ids.encode(ids.PRODUCT, product_id))
