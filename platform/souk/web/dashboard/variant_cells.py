"""Rows of variants as text cells: what the bulk-edit grid and the matrix have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from souk.catalog.edit_variants import VariantEdit
from souk.catalog.models import INVENTORY_POLICIES
from souk.catalog.unit_price import measure_text
from souk.kernel.errors import Invalid, SoukError
from souk.kernel.money import Money
from souk.web.dashboard.stock import whole_number

AMOUNTS = ("price", "compare_at_price", "cost")
TEXTS = ("sku", "barcode", "inventory_policy")
GRID = ("price", "compare_at_price", "sku", "barcode", "inventory_policy")
MATRIX = (*GRID, "backorder_limit", "weight_grams", "unit_measure", "on_hand", "media_id")


class BadCell(Invalid):
    """Names the cell: `field` is the name of its input."""

    code = "invalid_cell"

    def __init__(self, variant: str, name: str, field: str, cure: str) -> None:
        super().__init__(f"{variant}, {name}: {cure}", field=field)


@dataclass(slots=True)
class Row:
    """One variant as text. `before` is what is stored, `cells` what is shown or typed."""

    id: int
    title: str
    product_id: int
    before: dict[str, str]
    cells: dict[str, str]

    def changed(self) -> dict[str, str]:
        return {name: value for name, value in self.cells.items() if value != self.before[name]}


def rows_of(variants: Sequence[Any], names: Sequence[str], currency: str) -> list[Row]:
    rows = []
    for variant in variants:
        cells = {name: text_of(variant, name, currency) for name in names}
        rows.append(Row(variant.id, variant.title, variant.product_id, cells, dict(cells)))
    return rows


def text_of(variant: Any, name: str, currency: str) -> str:
    value = getattr(variant, name)
    if value is None:
        return ""
    return f"{Money(value, currency).major:f}" if name in AMOUNTS else str(value)


def limit_of(typed: str) -> int | None:
    """Read how many may be sold beyond the stock; empty text is no limit. Raises BadQuantity."""
    return whole_number(typed) if typed else None


def take_typed(rows: Sequence[Row], form: Mapping[str, str], fill: Mapping[str, str] | None = None) -> None:
    """Put what was typed into the rows (`v-<variant>-<cell>`), and the non-empty cells of `fill` into every row."""
    for row in rows:
        for name in row.cells:
            row.cells[name] = form.get(f"v-{row.id}-{name}", row.cells[name]).strip()
        row.cells |= {name: value for name, value in (fill or {}).items() if value and name in row.cells}


def edits_of(rows: Sequence[Row], currency: str) -> dict[int, VariantEdit]:
    """Return the edits of the rows that changed; raises BadCell for the first that cannot be read."""
    return {row.id: edit for row in rows if (edit := _edit(row, currency)).values()}


def counts_of(rows: Sequence[Row]) -> dict[int, int]:
    """Return variant -> counted units where a count was changed; raises BadCell."""
    return {
        row.id: _read(row, "on_hand", value, "") for row in rows for value in [row.changed().get("on_hand")] if value
    }


def _edit(row: Row, currency: str) -> VariantEdit:
    changed = {name: value for name, value in row.changed().items() if name != "on_hand"}
    return VariantEdit(**{name: _read(row, name, value, currency) for name, value in changed.items()})


def _read(row: Row, name: str, value: str, currency: str) -> Any:
    field = f"v-{row.id}-{name}"
    if name in AMOUNTS and not value and name != "price":
        return None
    if name == "backorder_limit" and not value:
        return None
    if name == "media_id":
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else None  # noqa: PLR2004 - a bigint
    if name == "inventory_policy" and value not in INVENTORY_POLICIES:
        raise BadCell(row.title, name, field, "choose what happens when it is sold out.")
    try:
        if name == "unit_measure":
            return measure_text(value)
        if name in AMOUNTS:
            return Money.from_major(value.replace(",", "."), currency).amount
        return whole_number(value or "0") if name in {"weight_grams", "on_hand", "backorder_limit"} else value
    except SoukError as error:
        raise BadCell(row.title, name.replace("_", " "), field, error.detail) from None
