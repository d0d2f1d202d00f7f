"""Read what bundles consist of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session, aliased

from souk.catalog.bundles.errors import VariantInBundle
from souk.catalog.bundles.models import BundleComponent
from souk.catalog.models import Product, Variant

_Part = aliased(Variant)
_PartProduct = aliased(Product)
# What a line of a cart keeps of a bundle: [{variant_id, product_id, quantity, title, variant_title, sku}], null for
# any other variant. Beside a query's `variants` it costs no query of its own.
COMPONENTS: ColumnElement[list[dict[str, object]] | None] = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "variant_id", _Part.id, "product_id", _PartProduct.id, "quantity", BundleComponent.quantity,
                    "title", _PartProduct.title, "variant_title", _Part.title, "sku", _Part.sku,
                ),
                BundleComponent.id,
            ),
            type_=JSONB,
        )
    )
    .select_from(BundleComponent)
    .join(_Part, _Part.id == BundleComponent.component_id)
    .join(_PartProduct, _PartProduct.id == _Part.product_id)
    .where(BundleComponent.bundle_id == Variant.id)
    .correlate(Variant)
    .scalar_subquery()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a bundle, as staff see it."""

    variant_id: int
    product_id: int
    title: str
    variant_title: str
    sku: str
    quantity: int


def components_of(session: Session, bundle_ids: Sequence[int]) -> dict[int, list[Component]]:
    """Return bundle -> its components; variants that are no bundles are left out."""
    part = BundleComponent
    rows = session.execute(
        select(part.bundle_id, part.component_id, Product.id, Product.title, Variant.title, Variant.sku, part.quantity)
        .join(Variant, Variant.id == part.component_id)
        .join(Product, Product.id == Variant.product_id)
        .where(part.bundle_id.in_(bundle_ids))
        .order_by(part.bundle_id, part.id)
    )
    found: dict[int, list[Component]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Component(*row[1:]))
    return dict(found)


def find_variants(session: Session, words: str, *, apart_from: int, limit: int = 20) -> list[Component]:
    """Return variants that a bundle could have, by title, SKU or barcode; those that are bundles are left out."""
    bundles = select(BundleComponent.bundle_id)
    rows = session.execute(
        select(Variant.id, Product.id, Product.title, Variant.title, Variant.sku)
        .join(Product, Product.id == Variant.product_id)
        .where(
            or_(
                func.concat(Product.title, " ", Variant.title).icontains(words, autoescape=True),
                Variant.sku.icontains(words, autoescape=True),
                Variant.barcode == words,
            ),
            Variant.id != apart_from,
            Variant.id.not_in(bundles),
        )
        .order_by(func.lower(Product.title), Product.id, Variant.position)
        .limit(limit)
    )
    return [Component(*row, 1) for row in rows]


def refuse_parts(session: Session, variant_ids: Sequence[int]) -> None:
    """Raise VariantInBundle when a bundle that stays has one of these variants in it."""
    part, bundle = BundleComponent, aliased(Variant)
    row = session.execute(
        select(Variant.title, Product.title)
        .select_from(part)
        .join(Variant, Variant.id == part.component_id)
        .join(bundle, bundle.id == part.bundle_id)
        .join(Product, Product.id == bundle.product_id)
        .where(part.component_id.in_(variant_ids), part.bundle_id.not_in(variant_ids))
        .limit(1)
    ).first()
    if row is not None:
        raise VariantInBundle(f"The variant {row[0]!r}", row[1])
