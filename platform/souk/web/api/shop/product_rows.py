"""Read products as the API shows them: Core selects, one for each relation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import g
from sqlalchemy import Boolean, ColumnElement, ScalarSelect, Select, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import COMPONENTS
from souk.catalog.copies import sellable
from souk.catalog.models import Product, ProductMedia, Variant
from souk.kernel import ids
from souk.kernel.config import config
from souk.kernel.money import Money
from souk.kernel.settings import read_setting
from souk.media.models import Media
from souk.pricing.book import Book
from souk.pricing.price_cards import Span, price_spans
from souk.pricing.read_book import read_book
from souk.pricing.rules import Market, Rules
from souk.web.api.schemas.products import Picture, PriceBreak, ProductSummary, VariantPart, VariantShape

RELATED = 8
PICTURE_WIDTH = 1066


def shop_currency(session: Session) -> str:
    return str(read_setting(session, "shop")["currency"])


def media_url(key: str) -> str:
    return f"{config().origin(g.shop.primary_host)}/media/{key}/{PICTURE_WIDTH}.webp"


def on_sale() -> tuple[ColumnElement[bool], ...]:
    return Product.status == "active", Product.published_at.is_not(None), Product.published_at <= func.now()


def related(session: Session, product: Any, rules: Rules, market: Market) -> list[ProductSummary]:
    """Return at most eight products of the same category, kind or brand, the nearest first."""
    same = [
        Product.category_id == product.category_id,
        (Product.product_type == product.product_type) & (Product.product_type != ""),
        (Product.vendor == product.vendor) & (Product.vendor != ""),
    ]
    nearness = sum((case((same_one, 1), else_=0) for same_one in same[1:]), case((same[0], 2), else_=0))
    query = (
        _summary_query()
        .where(or_(*same), Product.id != product.id, *on_sale())
        .order_by(nearness.desc(), Product.available.desc(), Product.rating.desc(), Product.id)
        .limit(RELATED)
    )
    rows = session.execute(query).all()
    spans = {row.id: Span(row.price_min, row.price_min, None) for row in rows}
    priced = price_spans(session, rules, market, spans)
    return [_summary(row, Money(priced[row.id].least, market.currency)) for row in rows]


def variants(session: Session, product: Any, rules: Rules, market: Market) -> list[VariantShape]:
    columns: tuple[Any, ...] = (
        Variant.id,
        Variant.title,
        Variant.sku,
        Variant.price,
        Variant.compare_at_price,
        Variant.option1,
        Variant.option2,
        Variant.option3,
        literal_column(sellable("variants"), Boolean).label("in_stock"),
        COMPONENTS.label("components"),
    )
    query = select(*columns).where(Variant.product_id == product.id).order_by(Variant.position, Variant.id)
    names = [str(option["name"]) for option in product.options]
    rows = session.execute(query).all()
    book = read_book(session, rules, market, [row.id for row in rows])
    return [_variant(row, names, book) for row in rows]


def pictures(session: Session, product_id: int) -> list[Picture]:
    query = (
        select(Media.storage_key, ProductMedia.alt, Media.width, Media.height)
        .join(Media, Media.id == ProductMedia.media_id)
        .where(ProductMedia.product_id == product_id)
        .order_by(ProductMedia.position, ProductMedia.id)
    )
    return [
        Picture(url=media_url(row.storage_key), alt=row.alt, width=row.width, height=row.height)
        for row in session.execute(query)
    ]


def first_picture() -> ScalarSelect[Any]:
    """Return the storage key of a product's first picture, computed for the rows of a page only."""
    return (
        select(Media.storage_key)
        .join(ProductMedia, ProductMedia.media_id == Media.id)
        .where(ProductMedia.product_id == Product.id)
        .order_by(ProductMedia.position, ProductMedia.id)
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )


def _summary_query() -> Select[Any]:
    return select(
        Product.id,
        Product.title,
        Product.price_min,
        Product.rating,
        Product.available,
        Product.handle,
        first_picture().label("picture"),
    )


def _summary(row: Any, price: Money) -> ProductSummary:
    return ProductSummary(
        id=ids.encode(ids.PRODUCT, row.id),
        name=row.title,
        price=price.major,
        currency=price.currency,
        rating=row.rating.quantize(Decimal("0.01")),
        image_url=media_url(row.picture) if row.picture else None,
        in_stock=row.available,
        handle=row.handle,
    )


def _variant(row: Any, names: Sequence[str], book: Book) -> VariantShape:
    values = (row.option1, row.option2, row.option3)
    currency, found = book.market.currency, book.resolve(row.id, row.price, row.compare_at_price)
    before = found.compare_at
    return VariantShape(
        id=ids.encode(ids.VARIANT, row.id),
        title=row.title,
        sku=row.sku,
        price=Money(found.price, currency).major,
        compare_at_price=None if before is None else Money(before, currency).major,
        currency=currency,
        options={name: value for name, value in zip(names, values, strict=False) if value},
        in_stock=row.in_stock,
        components=[_part(part) for part in row.components or ()],
        quantity_breaks=[
            PriceBreak(min_quantity=least, price=Money(each, currency).major)
            for least, each in book.breaks(row.id, row.price)
        ],
    )


def _part(part: Mapping[str, Any]) -> VariantPart:
    numbers = {
        "variant_id": ids.encode(ids.VARIANT, part["variant_id"]),
        "product_id": ids.encode(ids.PRODUCT, part["product_id"]),
    }
    return VariantPart(**{**part, **numbers})
