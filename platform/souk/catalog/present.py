"""Read a product back as the draft that would make it, so that a change of one field goes the way of all changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.errors import ProductChanged, ProductMissing
from souk.catalog.models import Product, Variant

_OWN = (
    "title", "handle", "description_html", "vendor", "product_type", "category_id", "status", "published_at",
    "seo_title", "seo_description", "template_suffix",
)  # fmt: skip
_OF_VARIANT = (
    "id", "price", "sku", "barcode", "compare_at_price", "cost", "weight_grams", "requires_shipping", "taxable",
    "tax_class", "inventory_tracked", "inventory_policy", "backorder_limit", "media_id", "unit_measure",
    "shipping_profile",
)  # fmt: skip


def present_draft(session: Session, product_id: int, *, seen_version: int | None = None) -> ProductDraft:
    """Lock the product and return it as a draft that leaves pictures and collections as they are.

    Raises:
        ProductMissing, ProductChanged: `seen_version` is given and no longer the product's.

    """
    columns: Any = [getattr(Product, name) for name in (*_OWN, "tags", "options", "specifications", "version")]
    row = session.execute(select(*columns).where(Product.id == product_id).with_for_update()).first()
    if row is None:
        raise ProductMissing
    if seen_version is not None and seen_version != row.version:
        raise ProductChanged(row.version)
    names = tuple(str(option["name"]) for option in row.options)
    return ProductDraft(
        **{name: getattr(row, name) for name in _OWN},
        tags=tuple(row.tags),
        options=names,
        specifications=tuple((str(one["name"]), str(one["value"])) for one in row.specifications),
        variants=_variants(session, product_id, len(names)),
    )


def _variants(session: Session, product_id: int, options: int) -> tuple[VariantDraft, ...]:
    columns: Any = [getattr(Variant, name) for name in (*_OF_VARIANT, "option1", "option2", "option3")]
    query = select(*columns).where(Variant.product_id == product_id).order_by(Variant.position, Variant.id)
    return tuple(
        VariantDraft(
            **{name: getattr(row, name) for name in _OF_VARIANT},
            options=(row.option1, row.option2, row.option3)[:options],
        )
        for row in session.execute(query)
    )
