"""Change single cells of many variants at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.drafts import VariantDraft, check_variant
from souk.catalog.errors import ProductInvalid
from souk.catalog.models import Product, Variant
from souk.catalog.unit_price import measure_text
from souk.catalog.update_product import touch_products


class _Unchanged:
    """Tells a cell that stays from one that is emptied."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = _Unchanged()


@dataclass(frozen=True, slots=True)
class VariantEdit:
    """Amounts are minor units; None empties `compare_at_price`, `cost`, `backorder_limit` or `media_id`."""

    price: int | _Unchanged = UNCHANGED
    compare_at_price: int | _Unchanged | None = UNCHANGED
    cost: int | _Unchanged | None = UNCHANGED
    sku: str | _Unchanged = UNCHANGED
    barcode: str | _Unchanged = UNCHANGED
    weight_grams: int | _Unchanged = UNCHANGED
    unit_measure: str | _Unchanged = UNCHANGED
    requires_shipping: bool | _Unchanged = UNCHANGED
    taxable: bool | _Unchanged = UNCHANGED
    tax_class: str | _Unchanged = UNCHANGED
    shipping_profile: str | _Unchanged = UNCHANGED
    inventory_tracked: bool | _Unchanged = UNCHANGED
    inventory_policy: str | _Unchanged = UNCHANGED
    backorder_limit: int | _Unchanged | None = UNCHANGED
    media_id: int | _Unchanged | None = UNCHANGED

    def values(self) -> dict[str, Any]:
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value is not UNCHANGED}


def edit_variants(session: Session, edits: Mapping[int, VariantEdit]) -> list[int]:
    """Write the edits by variant id and return the ids of the products that changed.

    Raises ProductInvalid, also for a variant that the shop does not have; nothing was changed then.
    """
    wanted = {variant_id: values for variant_id, edit in edits.items() if (values := edit.values())}
    found = _lock(session, wanted)
    for variant_id, values in wanted.items():
        if variant_id not in found:
            raise ProductInvalid("variants", "a row's variant is gone; reload the page and edit it again.")
        check_variant(found[variant_id].title, VariantDraft(**{"price": 0, **values}))
        if "unit_measure" in values:
            values["unit_measure"] = measure_text(values["unit_measure"])
        session.execute(update(Variant).where(Variant.id == variant_id).values(**values))
    changed = sorted({row.product_id for row in found.values()})
    touch_products(session, changed)
    return changed


def _lock(session: Session, variant_ids: Iterable[int]) -> dict[int, Any]:
    ids = list(variant_ids)
    columns = select(Variant.id, Variant.product_id, Variant.title).where(Variant.id.in_(ids))
    found = {row.id: row for row in session.execute(columns)}
    lock_products(session, {row.product_id for row in found.values()})
    return found


def lock_products(session: Session, product_ids: Iterable[int]) -> None:
    """Keep others from writing these products; in id order, as every writer of several products takes them."""
    products = select(Product.id).where(Product.id.in_(list(product_ids)))
    session.execute(products.order_by(Product.id).with_for_update())
