"""Lists of products and orders for apps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select

from souk.catalog.models import Product
from souk.kernel import ids
from souk.kernel.money import Money as Minor
from souk.orders.models import Order
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.common import Limit, Money, Page, Shape
from souk.web.api.schemas.orders import OrderPage, OrderParameters
from souk.web.api.shop.order_rows import order_page
from souk.web.api.shop.product_rows import shop_currency

ProductStatus = Literal["draft", "active", "archived"]


class ProductParameters(Shape):
    status: ProductStatus | None = None
    page: Page = 1
    limit: Limit = 50


class AdminProduct(Shape):
    id: str
    handle: str
    title: str
    vendor: str
    status: ProductStatus
    price_min: Money
    price_max: Money
    currency: str
    available: bool
    updated_at: datetime


class AdminProductPage(Shape):
    products: list[AdminProduct]
    total: int
    page: int
    limit: int


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
    where: list[ColumnElement[bool]] = [Product.status == query.status] if query.status else []
    columns: tuple[Any, ...] = (
        Product.id,
        Product.handle,
        Product.title,
        Product.vendor,
        Product.status,
        Product.price_min,
        Product.price_max,
        Product.available,
        Product.updated_at,
    )
    page = select(*columns).where(*where).order_by(Product.id.desc())
    rows = call.session.execute(page.offset((query.page - 1) * query.limit).limit(query.limit))
    currency = shop_currency(call.session)
    products = [_product(row, currency) for row in rows]
    total = call.session.execute(select(func.count(Product.id)).where(*where)).scalar_one()
    return AdminProductPage(products=products, total=total, page=query.page, limit=query.limit)


@admin_api.operation(
    "GET",
    "/orders",
    summary="List orders, newest first",
    tag="orders",
    takes=OrderParameters,
    answers=OrderPage,
    access="admin",
    permission="read_orders",
)
def list_all_orders(call: Call, query: OrderParameters) -> OrderPage:
    where = [Order.status == query.status] if query.status else []
    orders, total = order_page(call.session, where, query.page, query.limit)
    return OrderPage(orders=orders, total=total, page=query.page, limit=query.limit)


def _product(row: Any, currency: str) -> AdminProduct:
    return AdminProduct(
        id=ids.encode(ids.PRODUCT, row.id),
        handle=row.handle,
        title=row.title,
        vendor=row.vendor,
        status=row.status,
        price_min=Minor(row.price_min, currency).major,
        price_max=Minor(row.price_max, currency).major,
        currency=currency,
        available=row.available,
        updated_at=row.updated_at,
    )
