"""The parts of bundles in a cell: "MUG-1 x 2, TRAY x 1", each by its SKU.

A variant without an SKU of its own is named as "product:handle / title of the variant". A part that has a comma or a
quotation mark stands in quotation marks, as in any CSV.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from souk.catalog.bundles.compose import MOST_COMPONENTS, MOST_UNITS

Parts = tuple[tuple[str, int], ...]
PRODUCT = "product:"


class UnreadableParts(ValueError):
    """Its text says what to write instead."""


def cell_of(parts: Parts) -> str:
    """Return the cell that `parts_of` reads back."""
    return names_cell(f"{name} x {quantity}" for name, quantity in parts)


def names_cell(names: Iterable[str]) -> str:
    """Return a list of names as one cell."""
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([name])
    return text.getvalue().removesuffix("\r\n")


def names_of(cell: str) -> tuple[str, ...]:
    """Return the names that stand in a cell."""
    lines = csv.reader(io.StringIO(cell, newline=""), skipinitialspace=True)
    return tuple(name.strip() for line in lines for name in line if name.strip())


def parts_of(cell: str) -> Parts:
    """Return (name, units); a part without " x " is in the bundle once. Raises UnreadableParts."""
    found: dict[str, int] = {}
    for part in names_of(cell):
        name, _, number = part.rpartition(" x ")
        if not name or not (number.strip().isascii() and number.strip().isdecimal()):
            name, number = part, "1"
        if name.strip() in found:
            raise UnreadableParts(f"“{name[:40]}” stands there twice; write it once, with the sum of its units.")
        found[name.strip()] = int(number[:9])
    return checked(tuple(found.items()))


def checked(parts: Parts) -> Parts:
    """Return the parts of a bundle that can be; raises UnreadableParts."""
    if len(parts) > MOST_COMPONENTS:
        raise UnreadableParts(f"a bundle has at most {MOST_COMPONENTS} parts.")
    for name, quantity in parts:
        if not 0 < quantity <= MOST_UNITS:
            raise UnreadableParts(f"give 1 to {MOST_UNITS:,} units of “{name[:40]}”.")
    return parts


def name_of(handle: str, title: str) -> str:
    """Return what a variant without an SKU of its own is named by."""
    return f"{PRODUCT}{handle} / {title}"


def handles_of(names: Sequence[str]) -> list[str]:
    """Return the handles among names that tell a variant by its product."""
    return [name.removeprefix(PRODUCT).partition(" / ")[0] for name in names if name.startswith(PRODUCT)]
