"""One product with everything about it, and its reviews."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Category, Product
from souk.customers.queries import read_customer
from souk.kernel import clock, ids
from souk.kernel.money import Money
from souk.pricing.rules import read_rules
from souk.reviews.create import ReviewDraft, create_review
from souk.reviews.errors import NoSuchProduct
from souk.reviews.queries import ReviewRow, list_reviews
from souk.web.api.definition import shop_api
from souk.web.api.operations import Call
from souk.web.api.schemas.products import (
    MarketParameters,
    ProductDetail,
    ReviewPage,
    ReviewParameters,
    ReviewShape,
    Specification,
    WriteReview,
    WrittenReview,
)
from souk.web.api.shop.bought import has_bought
from souk.web.api.shop.markets import asked_market
from souk.web.api.shop.product_rows import on_sale, pictures, related, variants


@shop_api.operation(
    "GET",
    "/products/{product_id}",
    summary="Read a product",
    tag="products",
    takes=MarketParameters,
    answers=ProductDetail,
)
def read_product(call: Call, query: MarketParameters) -> ProductDetail:
    row = _product(call.session, call.path["product_id"])
    rules = read_rules(call.session)
    market = asked_market(rules, query)
    currency, sold = market.currency, variants(call.session, row, rules, market)
    reviews, _ = list_reviews(call.session, row.id)
    return ProductDetail(
        id=ids.encode(ids.PRODUCT, row.id),
        name=row.title,
        description=row.description_html,
        price=min((one.price for one in sold), default=Money(row.price_min, currency).major),
        currency=currency,
        category=" > ".join(row.path) if row.path else row.product_type or None,
        brand=row.vendor,
        specifications=[Specification(name=str(item["name"]), value=str(item["value"])) for item in row.specifications],
        variants=sold,
        images=pictures(call.session, row.id),
        reviews=[_review(review) for review in reviews],
        related_products=related(call.session, row, rules, market),
        in_stock=row.available,
    )


@shop_api.operation(
    "GET",
    "/products/{product_id}/reviews",
    summary="Read a product's reviews",
    tag="products",
    takes=ReviewParameters,
    answers=ReviewPage,
)
def read_reviews(call: Call, query: ReviewParameters) -> ReviewPage:
    row = _product(call.session, call.path["product_id"])
    reviews, total = list_reviews(call.session, row.id, page=query.page, limit=query.limit)
    return ReviewPage(reviews=[_review(review) for review in reviews], total=total, page=query.page, limit=query.limit)


@shop_api.operation(
    "POST",
    "/products/{product_id}/reviews",
    summary="Review a product; a buyer's review is shown at once",
    tag="products",
    takes=WriteReview,
    answers=WrittenReview,
    status=201,
    access="customer",
    problems={409: "`already_reviewed`."},
)
def write_review(call: Call, body: WriteReview) -> WrittenReview:
    product_id = ids.decode(ids.PRODUCT, call.path["product_id"])
    author = read_customer(call.session, call.customer_id).name
    verified = has_bought(call.session, call.customer_id, product_id)
    draft = ReviewDraft(product_id, call.customer_id, author, body.rating, body.title, body.body, verified=verified)
    review_id = create_review(call.session, draft)
    return WrittenReview(
        id=ids.encode(ids.REVIEW, review_id),
        author=author,
        rating=body.rating,
        title=body.title,
        body=body.body,
        verified=verified,
        created_at=clock.now(),
        status="published" if verified else "pending",
    )


def _product(session: Session, public_id: str) -> Any:
    columns: tuple[Any, ...] = (
        Product.id,
        Product.title,
        Product.description_html,
        Product.vendor,
        Product.product_type,
        Product.category_id,
        Product.options,
        Product.specifications,
        Product.price_min,
        Product.available,
        Category.path,
    )
    query = (
        select(*columns)
        .join(Category, Category.id == Product.category_id, isouter=True)
        .where(Product.id == ids.decode(ids.PRODUCT, public_id), *on_sale())
    )
    row = session.execute(query).first()
    if row is None:
        raise NoSuchProduct
    return row


def _review(row: ReviewRow) -> ReviewShape:
    return ReviewShape(
        id=ids.encode(ids.REVIEW, row.id),
        author=row.author,
        rating=row.rating,
        title=row.title,
        body=row.body,
        verified=row.verified,
        created_at=row.created_at,
    )
