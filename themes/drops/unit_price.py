"""The price for a kilogram, a litre, a metre: what it comes to, and how the locale writes what it is told for."""

from __future__ import annotations

from babel.units import format_unit

from souk.catalog.unit_price import read_measure
from themes.drops.money import MoneyDrop

_NAMES = {
    "mg": "mass-milligram", "g": "mass-gram", "kg": "mass-kilogram", "ml": "volume-milliliter",
    "cl": "volume-centiliter", "l": "volume-liter", "m3": "volume-cubic-meter", "mm": "length-millimeter",
    "cm": "length-centimeter", "m": "length-meter", "cm2": "area-square-centimeter", "m2": "area-square-meter",
}  # fmt: skip


def unit_price(measure: str, amount: int, currency: str) -> MoneyDrop | None:
    """Return the price for the reference of `measure`, such as 750ml/1l; `amount` is in minor units."""
    found = read_measure(measure)
    return None if found is None else MoneyDrop(found.price(amount), currency)


def unit_told(measure: str, locale: str) -> str | None:
    """Return the reference in words of the locale, such as 100 g."""
    found = read_measure(measure)
    if found is None:
        return None
    name = _NAMES.get(found.reference_unit)
    if name is None:
        return f"{found.reference:f}"
    return format_unit(found.reference, name, length="short", locale=locale.replace("-", "_"))
