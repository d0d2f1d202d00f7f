"""Rows of variants as text cells: what the bulk-edit grid and the matrix have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from souk.catalog.edit_variants import VariantEdit
from souk.catalog.models import INVENTORY_POLICIES
from souk.catalog.unit_price import measure_text
from souk.kernel.errors import Conflict, Invalid, SoukError
from souk.kernel.money import Money
from souk.web.dashboard.stock import whole_number
from souk.web.dashboard.typed_values import typed_amount

# Sentences of one message; the cells themselves are marked.
MOST_TOLD = 4
AMOUNTS = ("price", "compare_at_price", "cost")
TEXTS = ("sku", "barcode", "inventory_policy")
_MAY_BE_EMPTY = {"compare_at_price", "cost", "backorder_limit"}
GRID = ("price", "compare_at_price", "sku", "barcode", "inventory_policy")
MATRIX = (*GRID, "backorder_limit", "weight_grams", "unit_measure", "on_hand", "media_id")


class BadCell(Invalid):
    """Names the cell: `field` is the name of its input."""

    code = "invalid_cell"

    def __init__(self, variant: str, name: str, field: str, cure: str) -> None:
        super().__init__(f"{variant}, {name}: {cure}", field=field)


class BadCells(Invalid):
    """Several at once: nobody should save again for each; `fields` are the names of their inputs."""

    code = "invalid_cells"

    def __init__(self, wrong: Sequence[BadCell]) -> None:
        told = " ".join(each.detail for each in wrong[:MOST_TOLD])
        super().__init__(
            f"{len(wrong)} cells cannot be read, so nothing is saved. {told}{' …' * (len(wrong) > MOST_TOLD)}",
            fields=[each.extra["field"] for each in wrong],
        )


class CellsChanged(Conflict):
    """Somebody else wrote the same cells since the page was opened; `fields` are the names of their inputs."""

    code = "cells_changed"

    def __init__(self, stale: Sequence[tuple[Row, str]]) -> None:
        told = [f"{row.said}, {_words(name)}: {row.before[name] or 'empty'} now." for row, name in stale[:MOST_TOLD]]
        super().__init__(
            f"Somebody has changed what you edited, so nothing is saved. {' '.join(told)}"
            f"{' …' * (len(stale) > MOST_TOLD)} Save again to write yours over it.",
            fields=[cell_name(row.id, name) for row, name in stale],
        )


@dataclass(slots=True)
class Row:
    """One variant as text. `before` is what is stored, `cells` what is shown or typed, `stale` what has changed since.

    `product` is the title of its product, where the rows are of several.
    """

    id: int
    title: str
    product_id: int
    before: dict[str, str]
    cells: dict[str, str]
    product: str = ""
    stale: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What a sentence calls it."""
        return " · ".join(each for each in (self.product, self.title) if each and each != "Default Title")

    def changed(self) -> dict[str, str]:
        return {name: value for name, value in self.cells.items() if value != self.before[name]}


def cell_name(variant_id: int, name: str) -> str:
    return f"v-{variant_id}-{name}"


def rows_of(
    variants: Sequence[Any], names: Sequence[str], currency: str, titles: Mapping[int, str] | None = None
) -> list[Row]:
    rows = []
    for variant in variants:
        cells = {name: text_of(variant, name, currency) for name in names}
        product = (titles or {}).get(variant.product_id, "")
        rows.append(Row(variant.id, variant.title, variant.product_id, cells, dict(cells), product))
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
    """Put what was typed into the rows (`v-<variant>-<cell>`), and the non-empty cells of `fill` into every row.

    `seen-<variant>` holds what the page showed: a cell that was left as it was keeps what somebody else wrote since.
    """
    for row in rows:
        seen = _seen(form, row)
        for name, stored in row.before.items():
            typed = form.get(cell_name(row.id, name), seen[name]).strip()
            if typed in {seen[name], stored}:
                continue
            row.cells[name] = typed
            if seen[name] != stored:
                row.stale.append(name)
        row.cells |= {name: value for name, value in (fill or {}).items() if value and name in row.cells}


def _seen(form: Mapping[str, str], row: Row) -> dict[str, str]:
    try:
        told = json.loads(form.get(f"seen-{row.id}", "{}"))
    except ValueError:
        told = {}
    known = told if isinstance(told, dict) else {}
    return {name: str(known.get(name, stored)) for name, stored in row.before.items()}


def refuse_stale(rows: Sequence[Row]) -> None:
    """Raise CellsChanged where somebody else wrote a cell that was typed."""
    stale = [(row, name) for row in rows for name in row.stale]
    if stale:
        raise CellsChanged(stale)


def failed_cells(error: SoukError | None) -> list[str]:
    """Return the inputs that an error names."""
    if error is None:
        return []
    return [*error.extra.get("fields", ()), *([error.extra["field"]] if error.extra.get("field") else [])]


def edits_of(rows: Sequence[Row], currency: str) -> dict[int, VariantEdit]:
    """Return the edits of the rows that changed; raises BadCell, or BadCells where several cannot be read."""
    found: dict[int, VariantEdit] = {}
    wrong: list[BadCell] = []
    for row in rows:
        try:
            # One cell a row: the others of it are read when that one is right.
            edit = _edit(row, currency)
        except BadCell as error:
            wrong.append(error)
            continue
        if edit.values():
            found[row.id] = edit
    if len(wrong) > 1:
        raise BadCells(wrong)
    if wrong:
        raise wrong[0]
    return found


def counts_of(rows: Sequence[Row]) -> dict[int, int]:
    """Return variant -> counted units where a count was changed; raises BadCell."""
    return {
        row.id: _read(row, "on_hand", value, "") for row in rows for value in [row.changed().get("on_hand")] if value
    }


def _edit(row: Row, currency: str) -> VariantEdit:
    changed = {name: value for name, value in row.changed().items() if name != "on_hand"}
    return VariantEdit(**{name: _read(row, name, value, currency) for name, value in changed.items()})


def _read(row: Row, name: str, value: str, currency: str) -> Any:
    input_name = cell_name(row.id, name)
    if name == "price" and not value:
        raise BadCell(row.said, name, input_name, "write what it costs; 0 gives it away.")
    if not value and name in _MAY_BE_EMPTY:
        return None
    if name == "media_id":
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else None  # noqa: PLR2004 - a bigint
    if name == "inventory_policy" and value not in INVENTORY_POLICIES:
        raise BadCell(row.said, _words(name), input_name, "choose what happens when it is sold out.")
    try:
        if name == "unit_measure":
            return measure_text(value)
        if name in AMOUNTS:
            return typed_amount(value, currency)
        return whole_number(value or "0") if name in {"weight_grams", "on_hand", "backorder_limit"} else value
    except SoukError as error:
        raise BadCell(row.said, _words(name), input_name, error.detail) from None


def _words(name: str) -> str:
    return {"compare_at_price": "price before", "sku": "SKU"}.get(name, name.replace("_", " "))
