"""Small parts of a product: reviews, specifications, its category, a bundle's parts, prices by quantity."""

from __future__ import annotations

from typing import Any

from themes import rows
from themes.drops.base import Drop, row_value
from themes.drops.money import MoneyDrop
from themes.sandbox.access import exposes


class _PlainDrop(Drop):
    __slots__ = ("_row",)

    def __init__(self, row: Any) -> None:
        self._row = row


@exposes("quantity", "title", "variant_title", "sku")
class ComponentDrop(_PlainDrop):
    """A part of a bundle."""

    __slots__ = ()
    json_names = ("quantity", "title", "variant_title", "sku")
    quantity = row_value("quantity", "How many are in each bundle.")
    title = row_value("title", "Name of the product.")
    variant_title = row_value("variant_title", "Values of its options, or empty text.")
    sku = row_value("sku", "The merchant's stock keeping unit.")


@exposes("minimum", "price")
class QuantityBreakDrop(Drop):
    """What one piece costs when more are bought."""

    __slots__ = ("minimum", "price")

    def __init__(self, minimum: int, price: MoneyDrop) -> None:
        self.minimum = minimum
        self.price = price


@exposes("author", "rating", "title", "body", "created_at", "verified", "reply")
class ReviewDrop(_PlainDrop):
    """A customer's review."""

    __slots__ = ()
    author = row_value("author", "Name of the writer.")
    rating = row_value("rating", "1 to 5.")
    title = row_value("title", "Title.")
    body = row_value("body", "Text.")
    created_at = row_value("created_at", "When it was written.")
    verified = row_value("verified", "True when the writer bought the product.")
    reply = row_value("reply", "The shop's answer, or empty text.")


@exposes("name", "value")
class SpecificationDrop(_PlainDrop):
    """A line of the specifications table."""

    __slots__ = ()
    name = row_value("name", "What is specified.")
    value = row_value("value", "Its value.")


@exposes("title", "url")
class CategoryDrop(_PlainDrop):
    """The product's category."""

    __slots__ = ("url",)
    title = row_value("title", "Name of the category.")

    def __init__(self, row: rows.CategoryRow, prefix: str) -> None:
        super().__init__(row)
        self.url = prefix + row.url
