"""Read products as documents, in six to eight queries for a batch of any size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from souk.catalog.models import Category, CollectionProduct, Product, ProductMedia, Variant
from souk.kernel import clock
from souk.kernel.models import Translation
from souk.kernel.settings import read_setting
from souk.media.models import Media
from souk.search.engine import ProductDocument
from souk.search.entry_labels import entry_titles, numbers_in
from souk.search.plain_text import plain_text
from souk.search.settings import GROUP, FacetChoice, from_json

SPECIFICATION = "specification."
METAFIELD = "metafield."
LONGEST_LABEL = 100


def is_listed() -> ColumnElement[bool]:
    """What a shopper may see; the index and the check of its answers must mean the same."""
    return (Product.status == "active") & (Product.published_at <= clock.now())


def read_documents(session: Session, product_ids: Sequence[int]) -> list[ProductDocument]:
    """Return the documents of those products that are listed, in the order of their ids."""
    rows = session.execute(_products().where(Product.id.in_(product_ids), is_listed()).order_by(Product.id)).all()
    return _documents(session, rows)


def documents_after(session: Session, product_id: int, limit: int) -> list[ProductDocument]:
    """Return the next `limit` documents after `product_id`: a shop of any size is read in steps."""
    rows = session.execute(
        _products().where(Product.id > product_id, is_listed()).order_by(Product.id).limit(limit)
    ).all()
    return _documents(session, rows)


def _products() -> Any:
    return select(
        Product.id, Product.version, Product.handle, Product.title, Product.description_html, Product.vendor,
        Product.product_type, Category.path, Product.tags, Product.options, Product.price_min, Product.price_max,
        Product.rating, Product.rating_count, Product.available, Product.published_at,
        Product.specifications, Product.metafields,
    ).outerjoin(Category, Category.id == Product.category_id)  # fmt: skip


def _documents(session: Session, rows: Sequence[Row[Any]]) -> list[ProductDocument]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    codes, collections, images = _codes(session, ids), _collections(session, ids), _images(session, ids)
    words = _translated(session, ids)
    chosen = from_json(read_setting(session, GROUP)).facets
    keys = [each.source.removeprefix(METAFIELD) for each in chosen if each.source.startswith(METAFIELD)]
    titles = entry_titles(session, keys, (row.metafields for row in rows))
    return [
        ProductDocument(
            id=row.id,
            version=row.version,
            handle=row.handle,
            title=row.title,
            description=plain_text("\n".join([row.description_html, *words.get(row.id, ())])),
            brand=row.vendor,
            category=tuple(row.path or filter(None, (row.product_type,))),
            tags=tuple(row.tags),
            skus=tuple(sku for sku, _ in codes[row.id] if sku),
            barcodes=tuple(barcode for _, barcode in codes[row.id] if barcode),
            options=_labels(row, chosen, titles),
            price_min=row.price_min,
            price_max=row.price_max,
            rating=int(row.rating * 10),
            rating_count=row.rating_count,
            in_stock=row.available,
            published_at=row.published_at,
            collection_ids=tuple(collections[row.id]),
            image=images.get(row.id, ""),
        )
        for row in rows
    ]


def _translated(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return titles and descriptions in all other languages: whoever searches in one of them finds the product."""
    query = select(Translation.resource_id, Translation.value).where(
        Translation.resource_type == "product", Translation.resource_id.in_(ids),
        Translation.field.in_(["title", "description_html"]),
    )  # fmt: skip
    found: dict[int, list[str]] = defaultdict(list)
    for owner, value in session.execute(query.order_by(Translation.locale, Translation.field.desc())):
        found[owner].append(value)
    return found


def _labels(
    row: Row[Any], chosen: Sequence[FacetChoice], titles: Mapping[str, Mapping[int, str]]
) -> dict[str, tuple[str, ...]]:
    """Return the options, and of the specifications and metafields those that the shop chose as facets.

    `titles`: see `entry_titles`.
    """
    labels = {option["name"]: tuple(option["values"]) for option in row.options}
    for source in (facet.source for facet in chosen):
        if source.startswith(SPECIFICATION):
            name = source.removeprefix(SPECIFICATION)
            values = [each["value"] for each in row.specifications if each["name"] == name]
        elif source.startswith(METAFIELD):
            key = source.removeprefix(METAFIELD)
            value = row.metafields.get(key)
            shown = [titles[key].get(each) for each in numbers_in(value)] if key in titles else value
            values = _texts(shown)
        else:
            continue
        if values:
            labels[source] = tuple(dict.fromkeys(values))
    return labels


def _texts(value: Any) -> list[str]:
    """Return a metafield's value as labels; what is neither text, number, truth nor a list of them is none."""
    if isinstance(value, bool):
        return ["Yes" if value else "No"]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [str(value)[:LONGEST_LABEL]] if isinstance(value, str | int | float) and value != "" else []


def _codes(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    query = select(Variant.product_id, Variant.sku, Variant.barcode).where(Variant.product_id.in_(ids))
    for product_id, sku, barcode in session.execute(query.order_by(Variant.position, Variant.id)):
        found[product_id].append((sku, barcode))
    return found


def _collections(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    query = select(CollectionProduct.product_id, CollectionProduct.collection_id)
    for product_id, collection_id in session.execute(query.where(CollectionProduct.product_id.in_(ids))):
        found[product_id].append(collection_id)
    return found


def _images(session: Session, ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(ProductMedia.product_id, Media.storage_key)
        .join(Media, Media.id == ProductMedia.media_id)
        .where(ProductMedia.product_id.in_(ids))
        .ext(distinct_on(ProductMedia.product_id))
        .order_by(ProductMedia.product_id, ProductMedia.position, ProductMedia.id)
    )
    return {row.product_id: row.storage_key for row in session.execute(query)}
