"""Read products as apps see them: one select for each relation of a page, however long it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import COMPONENTS
from souk.catalog.models import Category, CollectionProduct, Product, ProductMedia, Variant
from souk.inventory.availability import availability
from souk.kernel import ids
from souk.kernel.money import Money
from souk.media.models import Media
from souk.web.api.schemas.admin_products import (
    AdminProduct,
    AdminVariant,
    Component,
    GalleryView,
    NameValue,
    OptionView,
)
from souk.web.api.shop.product_rows import media_url

_OWN: tuple[Any, ...] = (
    Product.id, Product.handle, Product.title, Product.description_html, Product.vendor, Product.product_type,
    Product.category_id, Category.path, Product.tags, Product.status, Product.published_at, Product.options,
    Product.specifications, Product.metafields, Product.seo_title, Product.seo_description, Product.template_suffix,
    Product.available, Product.rating, Product.rating_count, Product.version, Product.created_at, Product.updated_at,
)  # fmt: skip
_OF_VARIANT: tuple[Any, ...] = (
    Variant.id, Variant.product_id, Variant.title, Variant.option1, Variant.option2, Variant.option3, Variant.position,
    Variant.price, Variant.compare_at_price, Variant.cost, Variant.sku, Variant.barcode, Variant.weight_grams,
    Variant.requires_shipping, Variant.taxable, Variant.tax_class, Variant.inventory_tracked, Variant.inventory_policy,
    Variant.backorder_limit, Variant.media_id, Variant.metafields, Variant.unit_measure, Variant.shipping_profile,
    COMPONENTS.label("components"),
)  # fmt: skip
_SAME = (
    "title", "position", "sku", "barcode", "weight_grams", "requires_shipping", "taxable", "tax_class",
    "inventory_tracked", "inventory_policy", "backorder_limit", "metafields", "unit_measure", "shipping_profile",
)  # fmt: skip
_COPIED = (
    "handle", "title", "description_html", "vendor", "product_type", "tags", "status", "published_at", "metafields",
    "seo_title", "seo_description", "template_suffix", "available", "rating_count", "version", "created_at",
    "updated_at",
)  # fmt: skip


def product_rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    """Return up to `limit` rows for `admin_products`, newest first."""
    query = select(*_OWN).join(Category, Category.id == Product.category_id, isouter=True)
    return session.execute(query.where(*where).order_by(Product.id.desc()).limit(limit)).all()


def admin_products(session: Session, rows: Sequence[Row[Any]], currency: str) -> list[AdminProduct]:
    """Return these products with their variants, pictures and collections."""
    numbers = [row.id for row in rows]
    names = {row.id: [str(option["name"]) for option in row.options] for row in rows}
    variants, galleries = _variants(session, numbers, names, currency), _galleries(session, numbers)
    collections = _collections(session, numbers)
    return [
        AdminProduct(
            **{name: getattr(row, name) for name in _COPIED},
            id=ids.encode(ids.PRODUCT, row.id),
            category_id=_encoded(ids.CATEGORY, row.category_id),
            category=" > ".join(row.path) if row.path else None,
            options=[OptionView(name=str(one["name"]), values=list(one["values"])) for one in row.options],
            specifications=[
                NameValue.model_construct(name=str(one["name"]), value=str(one["value"])) for one in row.specifications
            ],
            variants=variants[row.id],
            media=galleries[row.id],
            collection_ids=collections[row.id],
            currency=currency,
            rating=row.rating.quantize(Decimal("0.01")),
        )
        for row in rows
    ]


def admin_variants(
    session: Session, where: Sequence[ColumnElement[bool]], names: dict[int, list[str]], currency: str
) -> list[AdminVariant]:
    """Return variants in their product's order; `names` are the options of each product."""
    query = select(*_OF_VARIANT).where(*where).order_by(Variant.product_id, Variant.position, Variant.id)
    rows = session.execute(query).all()
    free = availability(session, [row.id for row in rows])
    return [_variant(row, names.get(row.product_id, []), free.get(row.id, 0), currency) for row in rows]


def _variants(
    session: Session, products: list[int], names: dict[int, list[str]], currency: str
) -> dict[int, list[AdminVariant]]:
    found: dict[int, list[AdminVariant]] = defaultdict(list)
    for variant in admin_variants(session, [Variant.product_id.in_(products)], names, currency):
        found[ids.decode(ids.PRODUCT, variant.product_id)].append(variant)
    return found


def _variant(row: Row[Any], names: Sequence[str], available: int, currency: str) -> AdminVariant:
    values = (row.option1, row.option2, row.option3)
    return AdminVariant(
        **{name: getattr(row, name) for name in _SAME},
        id=ids.encode(ids.VARIANT, row.id),
        product_id=ids.encode(ids.PRODUCT, row.product_id),
        options=dict(zip(names, values, strict=False)),
        price=Money(row.price, currency).major,
        compare_at_price=_major(row.compare_at_price, currency),
        cost=_major(row.cost, currency),
        currency=currency,
        available=available if row.inventory_tracked or row.components else None,
        components=[_component(one) for one in row.components or []],
        media_id=_encoded(ids.MEDIA, row.media_id),
    )


def _component(part: Mapping[str, Any]) -> Component:
    variant, product = ids.encode(ids.VARIANT, part["variant_id"]), ids.encode(ids.PRODUCT, part["product_id"])
    return Component(**{**part, "variant_id": variant, "product_id": product})


def _galleries(session: Session, products: list[int]) -> dict[int, list[GalleryView]]:
    columns = (ProductMedia.product_id, Media.id, Media.storage_key, ProductMedia.alt, Media.width, Media.height)
    query = select(*columns).join(Media, Media.id == ProductMedia.media_id)
    ordered = query.where(ProductMedia.product_id.in_(products)).order_by(ProductMedia.position, ProductMedia.id)
    found: dict[int, list[GalleryView]] = defaultdict(list)
    for row in session.execute(ordered):
        found[row.product_id].append(
            GalleryView(
                media_id=ids.encode(ids.MEDIA, row.id),
                url=media_url(row.storage_key),
                alt=row.alt,
                width=row.width,
                height=row.height,
            )
        )
    return found


def _collections(session: Session, products: list[int]) -> dict[int, list[str]]:
    query = select(CollectionProduct.product_id, CollectionProduct.collection_id)
    found: dict[int, list[str]] = defaultdict(list)
    members = query.where(CollectionProduct.product_id.in_(products)).order_by(CollectionProduct.collection_id)
    for product_id, collection_id in session.execute(members):
        found[product_id].append(ids.encode(ids.COLLECTION, collection_id))
    return found


def _major(amount: int | None, currency: str) -> Decimal | None:
    return None if amount is None else Money(amount, currency).major


def _encoded(prefix: str, number: int | None) -> str | None:
    return None if number is None else ids.encode(prefix, number)
