"""Load the variants of many products at once, with their stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from souk.catalog.bundles.read import COMPONENTS
from souk.catalog.cards import FOCUS, Picture
from souk.catalog.copies import free_of_bundle, is_bundle, stock
from souk.catalog.models import ProductMedia, Variant
from souk.catalog.tables import media
from souk.kernel.statement import Statement

LOW_STOCK = 5
FIRST_VARIANTS = 12


@dataclass(frozen=True, slots=True)
class VariantRecord:
    """`stock` is what can be sold, or None where stock is not tracked.

    `components` are what a bundle consists of: [{variant_id, quantity, title, variant_title, sku}].
    """

    id: int
    product_id: int
    title: str
    sku: str
    barcode: str
    price: int
    compare_at_price: int | None
    position: int
    options: tuple[str, ...]
    weight_grams: int
    requires_shipping: bool
    taxable: bool
    inventory_tracked: bool
    inventory_policy: str
    stock: int | None
    picture: Picture | None
    components: Sequence[Mapping[str, Any]] = ()
    unit_measure: str = ""

    @property
    def available(self) -> bool:
        return self.stock is None or self.inventory_policy == "continue" or self.stock > 0

    @property
    def low_stock(self) -> int | None:
        scarce = self.stock is not None and self.inventory_policy == "deny" and 0 < self.stock <= LOW_STOCK
        return self.stock if scarce else None

    @property
    def backorder(self) -> bool:
        """It can be bought, but none of it is there."""
        return self.stock is not None and self.inventory_policy == "continue" and self.stock <= 0


_STOCK = text(stock("variants")).columns(free=BigInteger, some=Boolean).lateral("stock")
# Back-orders that have reached their limit are told like a policy that allows none.
_POLICY = case(
    (
        or_(
            not_(Variant.inventory_tracked),
            and_(Variant.inventory_policy == "continue", Variant.backorder_limit.is_(None)),
            _STOCK.c.some,
        ),
        Variant.inventory_policy,
    ),
    else_="deny",
)
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
# Which of its product's pictures each one is, from 1: a page leads to it when its variant is chosen.
_PLACES = (
    select(
        ProductMedia.product_id, ProductMedia.media_id,
        func.row_number().over(
            partition_by=ProductMedia.product_id, order_by=(ProductMedia.position, ProductMedia.id)
        ).label("place"),
    ).where(ProductMedia.product_id == any_(_IDS)).subquery("places")
)  # fmt: skip
_VARIANTS = (
    select(
        Variant.id, Variant.product_id, Variant.title, Variant.sku, Variant.barcode, Variant.price,
        Variant.compare_at_price, Variant.position, Variant.option1, Variant.option2, Variant.option3,
        Variant.weight_grams, Variant.requires_shipping, Variant.taxable, Variant.inventory_tracked,
        _POLICY.label("policy"), _STOCK.c.free, media.c.id, media.c.storage_key, media.c.alt, media.c.width,
        media.c.height, FOCUS, func.coalesce(_PLACES.c.place, 0), Variant.unit_measure,
        literal_column(is_bundle("variants"), Boolean).label("bundle"),
    )
    .select_from(Variant)
    .join(_STOCK, true())
    .outerjoin(media, media.c.id == Variant.media_id)
    .outerjoin(
        _PLACES, and_(_PLACES.c.product_id == Variant.product_id, _PLACES.c.media_id == Variant.media_id)
    )
    .order_by(Variant.product_id, Variant.position, Variant.id)
)  # fmt: skip
_ALL = Statement[Any](_VARIANTS.where(Variant.product_id == any_(_IDS)), lambda *row: row)


def _first() -> Statement[Any]:
    wanted = func.unnest(_IDS, type_=BigInteger).table_valued("id").render_derived("wanted")
    first = (
        select(Variant.id)
        .where(Variant.product_id == wanted.c.id)
        .order_by(Variant.position, Variant.id)
        .limit(FIRST_VARIANTS)
        .lateral("first")
    )
    ids = select(first.c.id).select_from(wanted.join(first, true()))
    return Statement[Any](_VARIANTS.where(Variant.id.in_(ids)), lambda *row: row)


_FIRST = _first()
_BUNDLES = Statement[Any](
    select(
        Variant.id, literal_column(free_of_bundle("variants"), BigInteger).label("free"), COMPONENTS.label("components")
    ).where(Variant.id == any_(_IDS))
)


def variants_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[VariantRecord]]:
    """Return the variants of each product in their order, with stock over all locations."""
    return _by_product(session, _ALL.all(session, ids=list(product_ids)))


def first_variants_of(session: Session, product_ids: Sequence[int]) -> dict[int, list[VariantRecord]]:
    """Return at most FIRST_VARIANTS of each product: a list of products must not read the thousands they may have."""
    return _by_product(session, _FIRST.all(session, ids=list(product_ids)))


def _by_product(session: Session, rows: Sequence[Any]) -> dict[int, list[VariantRecord]]:
    """Add what bundles consist of: PostgreSQL plans a statement that knows of bundles three times as long as it runs,
    so that only products which have one pay for it.
    """
    bundled = _bundles(session, [row[0] for row in rows if row[-1]])
    found: dict[int, list[VariantRecord]] = defaultdict(list)
    for row in rows:
        record = _variant(row)
        if row[-1]:
            stock, components = bundled[record.id]
            record = replace(
                record, inventory_tracked=True, inventory_policy="deny", stock=stock, components=components
            )
        found[record.product_id].append(record)
    return dict(found)


def _bundles(session: Session, ids: list[int]) -> dict[int, tuple[int, Sequence[Mapping[str, Any]]]]:
    """Return bundle -> how many its scarcest part allows, and its parts."""
    return {row.id: (int(row.free), row.components) for row in (_BUNDLES.all(session, ids=ids) if ids else ())}


def _variant(row: Any) -> VariantRecord:
    options = tuple(value for value in row[8:11] if value)
    picture = None if row[17] is None else Picture(*row[17:24])
    units = int(row[16]) if row[14] else None
    return VariantRecord(*[*row[:8], options, *row[11:16], units, picture, (), row[24]])
