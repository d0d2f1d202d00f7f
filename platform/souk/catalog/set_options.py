"""Set a product's options and make the matrix of their values, keeping the variants that stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.drafts import DEFAULT_TITLE, MAX_OPTIONS, MAX_TEXT, MAX_VARIANTS, VariantDraft
from souk.catalog.errors import ProductInvalid, ProductMissing
from souk.catalog.models import Product, Variant
from souk.catalog.save_product import variant_values
from souk.catalog.update_product import refuse_owed, touch_products

_Key = tuple[str, ...]
_MOVE = (
    update(Variant)
    .where(Variant.id == bindparam("own"))
    .values(
        position=bindparam("place"), title=bindparam("new_title"), option1=bindparam("new_option1"),
        option2=bindparam("new_option2"), option3=bindparam("new_option3"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OptionDraft:
    """`values`: (value, what it was called before, or empty text for a new one). `was`: the place it had, from 0."""

    name: str
    values: tuple[tuple[str, str], ...]
    was: int | None = None


def set_options(session: Session, product_id: int, options: Sequence[OptionDraft]) -> tuple[int, int]:
    """Return how many variants were made and deleted.

    A variant stays when each of its values stays, under its old name or a new one; a new option gives present
    variants its first value. New variants take prices and stock rules from the first one.

    Raises:
        ProductMissing, ProductInvalid, VariantOwed: nothing was changed.

    """
    _check(options)
    if session.execute(select(Product.id).where(Product.id == product_id).with_for_update()).first() is None:
        raise ProductMissing
    columns = select(*Variant.__table__.c).where(Variant.product_id == product_id)
    present = session.execute(columns.order_by(Variant.position, Variant.id)).all()
    wanted = list(combinations(*([value for value, _ in option.values] for option in options)))
    kept = _kept(present, options, set(wanted))
    gone = sorted({row.id for row in present} - set(kept.values()))
    refuse_owed(session, gone)
    session.execute(delete(Variant).where(Variant.id.in_(gone)))
    made = _write(session, product_id, wanted, kept, present[0])
    stored = [{"name": option.name, "values": [value for value, _ in option.values]} for option in options]
    session.execute(update(Product).where(Product.id == product_id).values(options=stored))
    touch_products(session, [product_id])
    return made, len(gone)


def _check(options: Sequence[OptionDraft]) -> None:
    if len(options) > MAX_OPTIONS or len({option.name.lower() for option in options}) != len(options):
        raise ProductInvalid("options", f"name at most {MAX_OPTIONS} different options.")
    count = 1
    for option in options:
        values = [value for value, _ in option.values]
        if not option.name or not values:
            raise ProductInvalid("options", "give each option a name and at least one value.")
        if len(set(values)) != len(values):
            raise ProductInvalid("options", f"{option.name} has the same value twice; change one of them.")
        if any(len(text) > MAX_TEXT or "\x00" in text for text in [option.name, *values]):
            raise ProductInvalid("options", f"shorten names and values to {MAX_TEXT} characters.")
        count *= len(values)
    if count > MAX_VARIANTS:
        raise ProductInvalid("options", f"this makes {count:,} variants; a product has at most {MAX_VARIANTS:,}.")


def _kept(present: Sequence[Any], options: Sequence[OptionDraft], wanted: set[_Key]) -> dict[_Key, int]:
    """Return combination -> the variant that has it from now on."""
    renamed = [{before: value for value, before in option.values if before} for option in options]
    kept: dict[_Key, int] = {}
    for row in present:
        old = (row.option1, row.option2, row.option3)
        key = tuple(
            option.values[0][0] if option.was is None else renamed[number].get(old[option.was], "\x00")
            for number, option in enumerate(options)
        )
        if key in wanted:
            kept.setdefault(key, row.id)
    return kept


def _write(session: Session, product_id: int, wanted: Sequence[_Key], kept: dict[_Key, int], model: Any) -> int:
    like = VariantDraft(
        price=model.price, compare_at_price=model.compare_at_price, cost=model.cost, weight_grams=model.weight_grams,
        requires_shipping=model.requires_shipping, taxable=model.taxable, tax_class=model.tax_class,
        inventory_tracked=model.inventory_tracked, inventory_policy=model.inventory_policy,
        backorder_limit=model.backorder_limit, unit_measure=model.unit_measure, shipping_profile=model.shipping_profile,
    )  # fmt: skip
    # Two variants may swap their values: the old ones must be out of the way of the unique constraint first.
    aside = func.concat("\x01", Variant.id)
    session.execute(update(Variant).where(Variant.product_id == product_id).values(option1=aside))
    places = {key: position for position, key in enumerate(wanted, 1)}
    moved = [{"own": kept[key], "place": places[key], **_columns(key)} for key in wanted if key in kept]
    if moved:
        # One prepared statement for all rows: the connection's executemany, which the session's is not.
        session.connection().execute(_MOVE, moved)
    rows = [variant_values(product_id, places[key], replace(like, options=key)) for key in wanted if key not in kept]
    if rows:
        session.execute(insert(Variant), rows)
    return len(rows)


def _columns(key: _Key) -> dict[str, str]:
    padded = (*key, "", "", "")
    return {"new_title": " / ".join(key) or DEFAULT_TITLE} | {f"new_option{n}": padded[n - 1] for n in (1, 2, 3)}
