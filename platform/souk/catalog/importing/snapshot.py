"""Read products whole, hundreds at once, as exports write them and imports compare them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from souk.catalog.importing.parts import name_of
from souk.catalog.importing.state import ProductState, VariantState

OWN = "media:"
_LOCK = text("SELECT id FROM products WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_IDS = text("SELECT id FROM products WHERE handle = ANY(:handles)")
_PRODUCTS = text("""
SELECT p.id, p.handle, p.title, p.description_html, p.vendor, p.product_type, c.path AS category, p.tags, p.status,
       p.options, p.specifications, p.seo_title, p.seo_description, p.template_suffix, p.metafields,
       p.download_times, p.download_days
FROM products p LEFT JOIN categories c ON c.id = p.category_id
WHERE p.id = ANY(:ids)
ORDER BY p.id
""")
_VARIANTS = text("""
SELECT v.id, v.product_id, v.option1, v.option2, v.option3, v.sku, v.barcode, v.price, v.compare_at_price, v.cost,
       v.weight_grams, v.requires_shipping, v.taxable, v.tax_class, v.inventory_tracked, v.inventory_policy,
       v.unit_measure, v.shipping_profile, v.backorder_limit, v.metafields, v.media_id, m.storage_key, here.on_hand,
       here.hot,
       coalesce(everywhere.promised, 0) AS promised,
       EXISTS (SELECT 1 FROM bundle_components b WHERE v.id IN (b.bundle_id, b.component_id)) AS in_bundle
FROM variants v
LEFT JOIN media m ON m.id = v.media_id
LEFT JOIN inventory_levels here ON here.variant_id = v.id
  AND here.location_id = (SELECT min(id) FROM locations WHERE active)
LEFT JOIN LATERAL (
  SELECT sum(committed + reserved) AS promised FROM inventory_levels WHERE variant_id = v.id
) everywhere ON true
WHERE v.product_id = ANY(:ids)
ORDER BY v.product_id, v.position, v.id
""")
_GALLERY = text("""
SELECT pm.product_id, pm.media_id, pm.alt, m.storage_key
FROM product_media pm JOIN media m ON m.id = pm.media_id
WHERE pm.product_id = ANY(:ids)
ORDER BY pm.product_id, pm.position, pm.id
""")
# A part is named by its SKU, or by its product where that is no name of its own.
_PARTS = text("""
SELECT b.bundle_id, b.quantity, p.handle, part.title, part.sku,
       EXISTS (SELECT 1 FROM variants o WHERE o.sku = part.sku AND o.id <> part.id) AS shared
FROM bundle_components b
JOIN variants v ON v.id = b.bundle_id
JOIN variants part ON part.id = b.component_id
JOIN products p ON p.id = part.product_id
WHERE v.product_id = ANY(:ids)
ORDER BY b.bundle_id, b.id
""")
_FILES = text("""
SELECT v.id AS variant_id, f.filename
FROM digital_files f JOIN variants v ON v.product_id = f.product_id
WHERE f.product_id = ANY(:ids) AND f.active AND (f.variant_id IS NULL OR f.variant_id = v.id)
ORDER BY v.id, f.id
""")
_FETCHES = text("""
SELECT product_id, url, alt, variant_ids, status, media_id
FROM media_fetches
WHERE product_id = ANY(:ids)
ORDER BY product_id, position, id
""")


def ids_of(session: Session, handles: Sequence[str]) -> list[int]:
    """Return the ids of the products with these handles."""
    return list(session.scalars(_IDS, {"handles": list(handles)}))


def read_states(session: Session, ids: Sequence[int], *, lock: bool = False) -> dict[int, ProductState]:
    """Return the products by id, in the order of their ids; `lock` keeps other writers of products waiting.

    Buyers never wait for that lock: a foreign key to the product and every stock level stay free.
    """
    given = {"ids": list(ids)}
    if not given["ids"]:
        return {}
    if lock:
        session.execute(_LOCK, given)
    states = {row.id: _product(row) for row in session.execute(_PRODUCTS, given)}
    addresses = _Addresses(session.execute(_FETCHES, given).all())
    for row in session.execute(_VARIANTS, given):
        if row.product_id in states:
            states[row.product_id].variants.append(_variant(row, addresses))
    _add_parts(session, [variant for state in states.values() for variant in state.variants], given)
    galleries: dict[int, list[tuple[str, str]]] = {}
    for row in session.execute(_GALLERY, given):
        galleries.setdefault(row.product_id, []).append(
            (addresses.of(row.product_id, row.media_id, row.storage_key), row.alt)
        )
    for product_id, state in states.items():
        state.pictures = (*galleries.get(product_id, ()), *addresses.waiting(product_id))
    return states


def _add_parts(session: Session, variants: Sequence[VariantState], given: Mapping[str, Any]) -> None:
    by_id = {variant.id: variant for variant in variants}
    for row in session.execute(_PARTS, given):
        name = row.sku if row.sku and not row.shared else name_of(row.handle, row.title)
        by_id[row.bundle_id].components += ((name, row.quantity),)
    for row in session.execute(_FILES, given):
        by_id[row.variant_id].files += (row.filename,)


class _Addresses:
    """Where a picture came from: the address that a file once named, else its key in our own storage."""

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._rows = rows
        self._fetched = {(row.product_id, row.media_id): row.url for row in rows if row.media_id}
        self._variants = {
            (row.product_id, variant_id): row.url for row in rows if not row.media_id for variant_id in row.variant_ids
        }
        self._waiting: dict[int, list[tuple[str, str]]] = {}
        for row in rows:
            if not row.media_id:
                self._waiting.setdefault(row.product_id, []).append((row.url, row.alt))

    def of(self, product_id: int, media_id: int, storage_key: str) -> str:
        return str(self._fetched.get((product_id, media_id), OWN + storage_key))

    def of_variant(self, product_id: int, variant_id: int) -> str:
        return str(self._variants.get((product_id, variant_id), ""))

    def waiting(self, product_id: int) -> list[tuple[str, str]]:
        return self._waiting.get(product_id, [])


def _product(row: Row[Any]) -> ProductState:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for it
    values["category"] = tuple(row.category or ())
    values["tags"] = tuple(row.tags)
    values["options"] = tuple(str(option["name"]) for option in row.options)
    values["specifications"] = tuple(_pairs(row.specifications))
    return ProductState(**values)


def _pairs(items: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for item in items:
        yield str(item["name"]), str(item["value"])


_COPIED = (
    "id", "sku", "barcode", "price", "compare_at_price", "cost", "weight_grams", "requires_shipping", "taxable",
    "tax_class", "inventory_tracked", "inventory_policy", "backorder_limit", "metafields", "media_id", "on_hand",
    "unit_measure", "shipping_profile",
)  # fmt: skip


def _variant(row: Row[Any], addresses: _Addresses) -> VariantState:
    if row.media_id is not None:
        picture = addresses.of(row.product_id, row.media_id, row.storage_key)
    else:
        picture = addresses.of_variant(row.product_id, row.id)
    return VariantState(
        **{name: getattr(row, name) for name in _COPIED},
        options=(row.option1, row.option2, row.option3),
        promised=int(row.promised),
        hot=bool(row.hot),
        in_bundle=row.in_bundle,
        picture=picture,
    )
