"""Which column fills which field: checked once for a file, then looked up for every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from souk.catalog.importing.errors import BadMapping, NotAProductFile
from souk.catalog.importing.fields import FIELDS, METAFIELD, OPTION_NAMES, OPTION_VALUES, field_of
from souk.catalog.importing.lines import Row

DECIMALS = (".", ",")


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` maps a field to its columns in the file's order; `decimal` is the file's decimal sign."""

    columns: Mapping[str, tuple[str, ...]]
    decimal: str = "."

    def has(self, field: str) -> bool:
        return field in self.columns

    def column(self, field: str) -> str:
        """Return the heading to name in a refusal."""
        return self.columns.get(field, (FIELDS[field].label if field in FIELDS else field,))[0]

    def cell(self, row: Row, field: str) -> str:
        """Return the cell as it stands in the file, empty where no column fills the field."""
        for column in self.columns.get(field, ()):
            if value := row.cells.get(column, ""):
                return value
        return ""

    def metafields(self, row: Row) -> dict[str, tuple[str, str]]:
        """Return heading and cell by the key of each metafield that a column fills."""
        found = {field.removeprefix(METAFIELD): names[0] for field, names in self.columns.items() if METAFIELD in field}
        return {key: (column, row.cells.get(column, "")) for key, column in found.items()}

    def cells(self, row: Row, field: str) -> list[tuple[str, str]]:
        """Return (heading, cell) of every filled column of a field that takes several."""
        return [(column, row.cells[column]) for column in self.columns.get(field, ()) if row.cells.get(column)]


def layout_of(mapping: Mapping[str, str], columns: Sequence[str], decimal: str = ".") -> Layout:
    """Return the layout; raises BadMapping, NotAProductFile."""
    by_field: dict[str, tuple[str, ...]] = {}
    for column in columns:
        field = mapping.get(column, "")
        if not field:
            continue
        known = field_of(field)
        if known is None:
            raise BadMapping(f"“{field}” is no field of a product; choose one of the list for the column “{column}”.")
        if field in by_field and not known.several:
            raise BadMapping(
                f"The columns “{by_field[field][0]}” and “{column}” both fill “{known.label}”; ignore one."
            )
        by_field[field] = (*by_field.get(field, ()), column)
    _check(by_field, columns)
    return Layout(by_field, decimal if decimal in DECIMALS else ".")


def _check(by_field: Mapping[str, tuple[str, ...]], columns: Sequence[str]) -> None:
    if "handle" not in by_field and "title" not in by_field:
        raise NotAProductFile("Title or Address (handle)", columns)
    if "handle" not in by_field and not {"price", "price_minor"} & by_field.keys():
        raise NotAProductFile("Price", columns)
    for name, value in zip(OPTION_NAMES, OPTION_VALUES, strict=True):
        if name in by_field and value not in by_field:
            raise BadMapping(f"“{by_field[name][0]}” names an option; choose the column with its values, too.")
