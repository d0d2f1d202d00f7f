"""Say what a bundle consists of."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.orm import Session

from souk.catalog.bundles.errors import BundleInvalid
from souk.catalog.bundles.models import BundleComponent
from souk.catalog.errors import VariantMissing
from souk.catalog.models import Product, Variant
from souk.catalog.update_product import touch_products

MOST_COMPONENTS = 30
MOST_UNITS = 1_000


def set_components(session: Session, variant_id: int, components: Mapping[int, int]) -> None:
    """Let a variant consist of `components` (variant -> units in each bundle); none makes it an ordinary one again.

    Orders that stand keep the parts they were placed with.

    Raises:
        VariantMissing, BundleInvalid: nothing was changed.

    """
    _check(variant_id, components)
    products = _lock(session, variant_id, components)
    if components:
        _refuse_nested(session, variant_id, components)
    session.execute(delete(BundleComponent).where(BundleComponent.bundle_id == variant_id))
    rows = [
        {"bundle_id": variant_id, "component_id": component_id, "quantity": quantity}
        for component_id, quantity in components.items()
    ]
    if rows:
        session.execute(insert(BundleComponent), rows)
    # The components' products as well: an import that made one of them must not take it away again unnoticed.
    touch_products(session, products)


def _check(variant_id: int, components: Mapping[int, int]) -> None:
    if len(components) > MOST_COMPONENTS:
        raise BundleInvalid(f"it has at most {MOST_COMPONENTS} components.")
    if variant_id in components:
        raise BundleInvalid("it cannot contain itself; choose another variant.")
    if not all(0 < quantity <= MOST_UNITS for quantity in components.values()):
        raise BundleInvalid(f"give 1 to {MOST_UNITS:,} units of each component.")


def _lock(session: Session, variant_id: int, components: Mapping[int, int]) -> list[int]:
    """Lock the variants, so that none becomes a bundle or a component meanwhile; returns their products' ids."""
    wanted = sorted({variant_id, *components})
    products = select(Variant.product_id).where(Variant.id.in_(wanted))
    # Products first and in id order, as every writer of products takes them.
    locked = select(Product.id).where(Product.id.in_(products)).order_by(Product.id)
    ids = list(session.scalars(locked.with_for_update(key_share=True)))
    variants = select(Variant.id).where(Variant.id.in_(wanted)).order_by(Variant.id).with_for_update(key_share=True)
    found = set(session.scalars(variants))
    if variant_id not in found:
        raise VariantMissing
    if found != set(wanted):
        raise BundleInvalid("one of the components is gone; search for it again.")
    return ids


def _refuse_nested(session: Session, variant_id: int, components: Mapping[int, int]) -> None:
    part = BundleComponent
    if session.scalar(select(exists().where(part.component_id == variant_id))):
        raise BundleInvalid("it is itself a part of a bundle, and a bundle cannot contain a bundle.")
    nested = (
        select(Product.title)
        .join(Variant, Variant.product_id == Product.id)
        .where(Variant.id.in_(select(part.bundle_id).where(part.bundle_id.in_(list(components)))))
    )
    title = session.scalar(nested.limit(1))
    if title is not None:
        raise BundleInvalid(f"{title} is a bundle, and a bundle cannot contain a bundle; take its parts instead.")
