"""Turn states of products into rows: new ones by COPY, changed ones in one statement a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import bindparam, delete, text
from sqlalchemy.orm import Session

from souk.catalog.categories import ensure_categories
from souk.catalog.copies import refresh_copies
from souk.catalog.importing.bundles import composed, forget_parts, write_parts
from souk.catalog.importing.copying import copy_rows
from souk.catalog.importing.pictures import write_pictures
from souk.catalog.importing.state import ProductState, VariantState
from souk.catalog.importing.stock import StockRow, write_policies, write_stock
from souk.catalog.models import Product, Variant
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

Categories = dict[tuple[str, ...], int | None]
_PRODUCT = (
    "handle", "title", "description_html", "vendor", "product_type", "category_id", "tags", "status", "published_at",
    "options", "specifications", "seo_title", "seo_description", "template_suffix", "metafields", "created_at",
    "updated_at", "download_times", "download_days",
)  # fmt: skip
_VARIANT = (
    "product_id", "position", "title", "option1", "option2", "option3", "sku", "barcode", "price", "compare_at_price",
    "cost", "weight_grams", "requires_shipping", "taxable", "tax_class", "inventory_tracked", "inventory_policy",
    "backorder_limit", "metafields", "media_id", "unit_measure", "shipping_profile",
)  # fmt: skip
_KEPT = frozenset(["published_at", "created_at"])
_JSON = frozenset(["options", "specifications", "metafields"])
_FIND = text("SELECT id, handle FROM products WHERE handle = ANY(:handles)").columns()
_FIND_VARIANTS = text("SELECT id, product_id, option1, option2, option3 FROM variants WHERE product_id = ANY(:ids)")


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None for a product that is new."""

    before: ProductState | None
    after: ProductState


def write_changes(session: Session, changes: Sequence[Change], categories: Categories, *, reason: str) -> None:
    """Make the products what `after` says and give new ones their ids; one `products.imported` event for all.

    `reason` goes into the ledger of stock. `categories` remembers ids between batches.
    """
    if not changes:
        return
    paths = {change.after.category for change in changes} - categories.keys()
    categories.update(ensure_categories(session, sorted(paths)))
    _create_products(session, [each.after for each in changes if each.before is None], categories)
    _update_products(session, [each.after for each in changes if each.before is not None], categories)
    bundles = [each for change in changes for each in composed(change.before, change.after)]
    forget_parts(session, bundles)
    _write_variants(session, changes)
    write_pictures(session, changes)
    write_parts(session, bundles)
    ids = sorted(each.after.id or 0 for each in changes)
    # Stock comes last: its rows are what buyers wait for.
    _write_stock(session, changes, reason)
    refresh_copies(session, ids)
    publish(session, Event("products.imported", 0, {"product_ids": ids}))


def _product_row(state: ProductState, categories: Categories) -> dict[str, Any]:
    now = clock.now()
    return {
        "handle": state.handle,
        "title": state.title,
        "description_html": state.description_html,
        "vendor": state.vendor,
        "product_type": state.product_type,
        "category_id": categories[state.category],
        "tags": list(state.tags),
        "status": state.status,
        "published_at": now if state.status == "active" else None,
        "options": state.option_values(),
        "specifications": [{"name": name, "value": value} for name, value in state.specifications],
        "seo_title": state.seo_title,
        "seo_description": state.seo_description,
        "template_suffix": state.template_suffix,
        "metafields": state.metafields,
        "created_at": now,
        "updated_at": now,
        "download_times": state.download_times,
        "download_days": state.download_days,
    }


def _create_products(session: Session, states: Sequence[ProductState], categories: Categories) -> None:
    if not states:
        return
    rows = [_product_row(state, categories) for state in states]
    _copy(session, "products", _PRODUCT, rows)
    found = session.execute(_FIND, {"handles": [state.handle for state in states]}).all()
    ids = {row.handle: row.id for row in found}
    for state in states:
        state.id = ids[state.handle]


def _update_products(session: Session, states: Sequence[ProductState], categories: Categories) -> None:
    rows = [{"id": state.id, **_product_row(state, categories)} for state in states]
    changed = [name for name in _PRODUCT if name not in _KEPT]
    # What is published for the first time begins now; what was published before keeps its day.
    _update(
        session, Product.__tablename__, rows, changed, also=", published_at = coalesce(t.published_at, n.published_at)"
    )


def _write_variants(session: Session, changes: Sequence[Change]) -> None:
    old, new, back = [], [], []
    gone: list[int] = []
    for change in changes:
        present = {variant.id for variant in change.before.variants} if change.before else set()
        kept = {variant.id for variant in change.after.variants}
        gone += [
            each.id for each in (change.before.variants if change.before else ()) if each.id not in kept and each.id
        ]
        for position, variant in enumerate(change.after.variants, 1):
            row = _variant_row(change.after, position, variant)
            if variant.id is None:
                new.append(row)
            elif variant.id in present:
                old.append({"id": variant.id, **row})
            else:
                back.append({"id": variant.id, **row})
    if gone:
        session.execute(delete(Variant).where(Variant.id.in_(bindparam("gone", expanding=True))), {"gone": gone})
    _update(session, Variant.__tablename__, old, _VARIANT)
    _copy(session, "variants", _VARIANT, new)
    # An undo brings a variant back under its own number, which carts and reports remember.
    _copy(session, "variants", ("id", *_VARIANT), back)
    _number_variants(session, [each.after for each in changes])


def _variant_row(product: ProductState, position: int, variant: VariantState) -> dict[str, Any]:
    values = {name: getattr(variant, name, None) for name in _VARIANT}
    option1, option2, option3 = variant.options
    title = " / ".join(variant.options[: len(product.options)]) or "Default Title"
    return values | {
        "product_id": product.id,
        "position": position,
        "title": title,
        "option1": option1,
        "option2": option2,
        "option3": option3,
    }


def _number_variants(session: Session, states: Sequence[ProductState]) -> None:
    fresh = [state for state in states if any(variant.id is None for variant in state.variants)]
    if not fresh:
        return
    found = session.execute(_FIND_VARIANTS, {"ids": [state.id for state in fresh]}).all()
    ids = {(row.product_id, row.option1, row.option2, row.option3): row.id for row in found}
    for state in fresh:
        for variant in state.variants:
            variant.id = ids[state.id or 0, *variant.options]


def _write_stock(session: Session, changes: Sequence[Change], reason: str) -> None:
    counts, policies = [], []
    for change in changes:
        before = {variant.id: variant for variant in change.before.variants} if change.before else {}
        for variant in change.after.variants:
            old = before.get(variant.id)
            oversellable = variant.inventory_policy == "continue" or not variant.inventory_tracked
            row = StockRow(variant.id or 0, variant.on_hand or 0, oversellable, variant.backorder_limit)
            if variant.on_hand is not None and (old is None or old.on_hand != variant.on_hand):
                counts.append(row)
            if old is not None and _rules(old) != _rules(variant):
                policies.append(row)
    write_policies(session, policies)
    write_stock(session, counts, reason)


def _rules(variant: VariantState) -> tuple[object, ...]:
    return variant.inventory_tracked, variant.inventory_policy, variant.backorder_limit


def _update(
    session: Session, table: str, rows: Sequence[Mapping[str, Any]], names: Sequence[str], *, also: str = ""
) -> None:
    if not rows:
        return
    changed = ", ".join(f"{name} = n.{name}" for name in names)
    # Every name is a column of ours; the values travel as one JSON parameter.
    statement = text(
        f"UPDATE {table} AS t SET {changed}{also}"  # noqa: S608
        f" FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) AS n WHERE t.id = n.id"
    )
    session.execute(statement, {"rows": json.dumps(list(rows), default=str)})


def _copy(session: Session, table: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        copy_rows(session, table, names, ([_cell(name, row[name]) for name in names] for row in rows))


def _cell(name: str, value: Any) -> Any:
    return Jsonb(value) if name in _JSON else value
