"""List and read products, drafts among them."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from souk.catalog.errors import ProductMissing
from souk.catalog.models import Product
from souk.kernel import ids
from souk.web.api.admin.product_rows import admin_products, product_rows
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_products import AdminProduct, AdminProductPage, ProductParameters
from souk.web.api.schemas.common import Nothing
from souk.web.api.shop.product_rows import shop_currency


@admin_api.operation(
    "GET",
    "/products",
    summary="List products, newest first, with drafts",
    tag="products",
    takes=ProductParameters,
    answers=AdminProductPage,
    access="admin",
    permission="read_products",
)
def list_products(call: Call, query: ProductParameters) -> AdminProductPage:
    rows = product_rows(call.session, _conditions(query), query.limit + 1)
    products = admin_products(call.session, rows[: query.limit], shop_currency(call.session))
    return AdminProductPage(products=products, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/products/{product_id}",
    summary="Read a product",
    tag="products",
    takes=Nothing,
    answers=AdminProduct,
    access="admin",
    permission="read_products",
)
def read_admin_product(call: Call, _query: Nothing) -> AdminProduct:
    return one_product(call.session, ids.decode(ids.PRODUCT, call.path["product_id"]))


def one_product(session: Session, product_id: int) -> AdminProduct:
    """Return one product of this shop; raises ProductMissing."""
    rows = product_rows(session, [Product.id == product_id], 1)
    if not rows:
        raise ProductMissing
    return admin_products(session, rows, shop_currency(session))[0]


def _conditions(query: ProductParameters) -> list[ColumnElement[bool]]:
    conditions = after(Product.id.expression, query.after)
    for column, wanted in (
        (Product.status, query.status),
        (Product.handle, query.handle),
        (Product.vendor, query.vendor),
    ):
        if wanted:
            conditions.append(column == wanted)
    if query.updated_since is not None:
        conditions.append(Product.updated_at >= query.updated_since)
    return conditions
