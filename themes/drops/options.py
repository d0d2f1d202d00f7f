"""The options of a product and their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from themes import rows
from themes.drops.base import Drop, kept
from themes.sandbox.access import exposes

if TYPE_CHECKING:
    from themes.drops.product import ProductDrop


@exposes("value", "label", "selected", "available", "url")
class OptionValueDrop(Drop):
    """A value of an option, judged beside the chosen values of the other options.

    Judged when asked: the swatches of a card need no variants, of which a list's products have thousands.
    """

    __slots__ = ("_option", "label", "value")

    def __init__(self, value: str, label: str, option: OptionDrop) -> None:
        self.value = value
        self.label = label
        self._option = option

    selected = property(lambda self: self._option.judged[self.value].selected, doc="True when it is chosen.")
    available = property(lambda self: self._option.judged[self.value].available, doc="True when it can be bought.")
    url = property(lambda self: self._option.judged[self.value].url, doc="Address with this value chosen.")


class Judged(NamedTuple):
    """What is true of an option's value beside the chosen values of the others."""

    selected: bool
    available: bool
    url: str


@exposes("name", "label", "position", "values", "selected_value", "selected_label")
class OptionDrop(Drop):
    """An option of a product with its values."""

    __slots__ = ("_product", "_row", "label", "name", "position")

    def __init__(self, row: rows.OptionRow, product: ProductDrop) -> None:
        self.name = row.name
        self.label = row.label or row.name
        self.position = row.position
        self._row = row
        self._product = product

    @kept
    def values(self) -> list[OptionValueDrop]:
        """Its values."""
        labels = self._row.labels or self._row.values
        return [OptionValueDrop(value, label, self) for value, label in zip(self._row.values, labels, strict=True)]

    @kept
    def judged(self) -> dict[str, Judged]:
        """Each value beside the chosen values of the other options; not for themes."""
        return self._product._judge(self._row, self.position - 1)  # noqa: SLF001 - a part of the product

    @kept
    def selected_value(self) -> str | None:
        """The value of the chosen variant."""
        return next((value.value for value in self.values if value.selected), None)

    @kept
    def selected_label(self) -> str | None:
        """The value of the chosen variant in the language of the visit."""
        return next((value.label for value in self.values if value.selected), None)
