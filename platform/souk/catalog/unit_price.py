"""The price for a unit of measure, which shops in the European Union tell beside the price (Directive 98/6/EC).

A variant keeps what it holds and for how much of it the price is told as one text: `750ml/1l`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from souk.kernel.errors import Invalid

# How much of the first unit of its row each is; only units of one row can be told in one another.
_KINDS: tuple[Mapping[str, Decimal], ...] = (
    {"mg": Decimal("0.001"), "g": Decimal(1), "kg": Decimal(1000)},
    {"ml": Decimal(1), "cl": Decimal(10), "l": Decimal(1000), "m3": Decimal(1_000_000)},
    {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000)},
    {"cm2": Decimal("0.0001"), "m2": Decimal(1)},
    {"item": Decimal(1)},
)
UNITS = tuple(unit for kind in _KINDS for unit in kind)
# What the price is told for when nothing else is said.
_USUAL = ("1kg", "1l", "1m", "1m2", "1item")
_PART = re.compile(r"([0-9]{1,7}(?:[.,][0-9]{1,3})?) ?([a-z]+[23]?)")


class UnitMeasureInvalid(Invalid):
    code = "unit_measure_invalid"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:40]!r} is no measure; write what it holds, such as 750 ml, or 250 g / 100 g to tell the price for"
            f" 100 g. Units are {', '.join(UNITS)}.",
            field="unit_measure",
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of something, such as 750 ml; `reference` is what its price is told for."""

    value: Decimal
    unit: str
    reference: Decimal
    reference_unit: str

    def __str__(self) -> str:
        return f"{_plain(self.value)}{self.unit}/{_plain(self.reference)}{self.reference_unit}"

    def price(self, amount: int) -> int:
        """Return the price for the reference, where all of it costs `amount`; both are minor units."""
        kind = _kind(self.unit)
        held, told = self.value * kind[self.unit], self.reference * kind[self.reference_unit]
        return int((amount * told / held).quantize(Decimal(1), ROUND_HALF_UP))


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _kind(unit: str) -> Mapping[str, Decimal]:
    return next(kind for kind in _KINDS if unit in kind)


@lru_cache(maxsize=1024)
def read_measure(text: str) -> Measure | None:
    """Return what `750 ml`, `750ml/1l` and the like say, nothing for empty text; raises UnitMeasureInvalid."""
    held, _, told = text.strip().lower().replace("²", "2").replace("³", "3").partition("/")
    if not held.strip():
        return None
    value, unit = _part(held, text)
    kind = _kind(unit)
    reference, reference_unit = _part(told or _USUAL[_KINDS.index(kind)], text)
    if reference_unit not in kind:
        raise UnitMeasureInvalid(text)
    return Measure(value, unit, reference, reference_unit)


def _part(part: str, text: str) -> tuple[Decimal, str]:
    found = _PART.fullmatch(part.strip())
    if found is None or found[2] not in UNITS or not Decimal(found[1].replace(",", ".")):
        raise UnitMeasureInvalid(text)
    return Decimal(found[1].replace(",", ".")), found[2]


def measure_text(text: str) -> str:
    """Return the one way to write a measure; raises UnitMeasureInvalid."""
    found = read_measure(text)
    return "" if found is None else str(found)
