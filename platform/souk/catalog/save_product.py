"""Make a new product with its variants, pictures and collections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from souk.catalog.collections import join_collections
from souk.catalog.copies import refresh_copies
from souk.catalog.drafts import ProductDetails, ProductDraft, VariantDraft, check_product
from souk.catalog.handles import free_handle, slugify
from souk.catalog.models import Product, ProductMedia, Variant
from souk.catalog.rich_text import clean_html
from souk.catalog.unit_price import measure_text
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish


def save_product(session: Session, draft: ProductDraft) -> int:
    """Store a new product and return its id; raises ProductInvalid before anything is written."""
    check_product(draft)
    values = product_values(draft)
    values["handle"] = free_handle(session, Product.handle, slugify(draft.handle or draft.title), key=Product.id)
    product_id = session.execute(insert(Product).values(values).returning(Product.id)).scalar_one()
    rows = [
        {"backorder_limit": None, **variant_values(product_id, position, variant)}
        for position, variant in enumerate(draft.variants, 1)
    ]
    session.execute(insert(Variant), rows)
    replace_media(session, product_id, draft.media or ())
    join_collections(session, product_id, draft.collection_ids or ())
    refresh_copies(session, [product_id])
    publish(session, Event("product.created", product_id))
    return product_id


def product_values(draft: ProductDraft) -> dict[str, Any]:
    """Return the product's own columns, without handle and copies."""
    return {
        **detail_values(draft),
        "options": draft.option_values(),
        "specifications": [{"name": name, "value": value} for name, value in draft.specifications],
    }


def detail_values(draft: ProductDraft | ProductDetails) -> dict[str, Any]:
    """Return the columns that do not depend on variants; a time ahead is announced by the worker when it comes."""
    now = clock.now()
    published = draft.published_at or (now if draft.status == "active" else None)
    return {
        "title": draft.title.strip(),
        "description_html": clean_html(draft.description_html),
        "vendor": draft.vendor.strip(),
        "product_type": draft.product_type.strip(),
        "category_id": draft.category_id,
        "tags": list(dict.fromkeys(tag.strip() for tag in draft.tags if tag.strip())),
        "status": draft.status,
        "published_at": published,
        "scheduled": published is not None and published > now,
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        "template_suffix": draft.template_suffix,
    }


def variant_values(product_id: int, position: int, variant: VariantDraft) -> dict[str, Any]:
    """Return a variant's columns; missing options are empty text, which the unique constraint counts as equal."""
    padded = (*variant.options, "", "", "")[:3]
    limit = {} if variant.backorder_limit is ... else {"backorder_limit": variant.backorder_limit}
    return {
        **limit,
        "product_id": product_id,
        "position": position,
        "title": variant.title,
        "option1": padded[0],
        "option2": padded[1],
        "option3": padded[2],
        "price": variant.price,
        "sku": variant.sku.strip(),
        "barcode": variant.barcode.strip(),
        "compare_at_price": variant.compare_at_price,
        "cost": variant.cost,
        "weight_grams": variant.weight_grams,
        "unit_measure": measure_text(variant.unit_measure),
        "requires_shipping": variant.requires_shipping,
        "taxable": variant.taxable,
        "tax_class": variant.tax_class,
        "shipping_profile": variant.shipping_profile.strip(),
        "inventory_tracked": variant.inventory_tracked,
        "inventory_policy": variant.inventory_policy,
        "media_id": variant.media_id,
    }


def replace_media(session: Session, product_id: int, media: Sequence[tuple[int, str]]) -> None:
    """Let the gallery hold exactly `media`, in this order."""
    session.execute(delete(ProductMedia).where(ProductMedia.product_id == product_id))
    rows = [
        {"product_id": product_id, "media_id": media_id, "alt": alt, "position": position}
        for position, (media_id, alt) in enumerate(dict(media).items(), 1)
    ]
    if rows:
        session.execute(insert(ProductMedia), rows)
