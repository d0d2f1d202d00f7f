"""Cart and customer: reading either makes the response private."""

from __future__ import annotations

from themes import rows
from themes.drops.base import Drop, kept, row_value
from themes.drops.details import ComponentDrop
from themes.drops.image import ImageDrop, image
from themes.drops.money import MoneyDrop, money
from themes.drops.scope import Scope
from themes.sandbox.access import exposes


@exposes("key", "title", "variant_title", "product_title", "url", "image", "quantity", "price", "line_price",
         "original_price", "max_quantity", "available", "problem", "components")  # fmt: skip
class CartItemDrop(Drop):
    """A line of the cart."""

    __slots__ = ("_currency", "_row")

    def __init__(self, row: rows.CartItemRow, currency: str) -> None:
        self._row = row
        self._currency = currency

    key = row_value("key", "Name of the line in forms.")
    product_title = row_value("product_title", "Name of the product.")
    variant_title = row_value("variant_title", "The chosen options.")
    title = row_value("product_title", "Name of the product.")
    url = row_value("url", "Address of the product.")
    quantity = row_value("quantity", "How many.")
    max_quantity = row_value("max_quantity", "How many can be had, or nothing.")
    available = row_value("available", "True when it can be bought now.")
    problem = row_value("problem", "What stands against buying it, or nothing.")
    price = property(lambda self: MoneyDrop(self._row.price, self._currency), doc="Price of one.")
    line_price = property(lambda self: MoneyDrop(self._row.line_price, self._currency), doc="Price of the line.")
    original_price = property(lambda self: money(self._row.original_price, self._currency), doc="Former price of one.")

    @property
    def components(self) -> list[ComponentDrop]:
        """What is in it, when it is a bundle."""
        return [ComponentDrop(row) for row in self._row.components]

    @property
    def image(self) -> ImageDrop | None:
        """Picture of what is bought."""
        return image(self._row.image)


@exposes("title", "code", "amount", "problem")
class CartDiscountDrop(Drop):
    """A discount of the cart, or a code that does not count."""

    __slots__ = ("_currency", "_row")

    def __init__(self, row: rows.CartDiscountRow, currency: str) -> None:
        self._row = row
        self._currency = currency

    title = row_value("title", "Its name.")
    code = row_value("code", "The code that was entered, empty for an automatic discount.")
    problem = row_value("problem", "Why the code does not count, or nothing.")

    @property
    def amount(self) -> MoneyDrop:
        """What it takes off."""
        return MoneyDrop(self._row.amount, self._currency)


@exposes("items", "item_count", "subtotal", "total_price", "discounts", "note", "currency", "empty", "error")
class CartDrop(Drop):
    """The shopper's cart."""

    __slots__ = ("_loaded", "_scope")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._loaded: rows.CartRow | None = None

    @property
    def _row(self) -> rows.CartRow:
        self._scope.private = True
        if self._loaded is None:
            self._loaded = self._scope.load(self._scope.reader.cart)
        return self._loaded

    note = row_value("note", "The shopper's note.")
    currency = row_value("currency", "ISO 4217 code.")
    error = row_value("error", "Why the last change was refused, empty when it was not.")
    empty = property(lambda self: not self._row.items, doc="True when nothing is in it.")
    subtotal = property(lambda self: MoneyDrop(self._row.subtotal, self._row.currency), doc="Sum before discounts.")
    total_price = property(lambda self: MoneyDrop(self._row.total, self._row.currency), doc="Sum after discounts.")

    @kept
    def item_count(self) -> int:
        """How many things."""
        return sum(item.quantity for item in self._row.items)

    @kept
    def items(self) -> list[CartItemDrop]:
        """Its lines."""
        return [CartItemDrop(item, self._row.currency) for item in self._row.items]

    @kept
    def discounts(self) -> list[CartDiscountDrop]:
        """What lowers its price, and the codes that do not count."""
        return [CartDiscountDrop(row, self._row.currency) for row in self._row.discounts]


@exposes("name", "email")
class CustomerDrop(Drop):
    """The customer who is signed in; false when nobody is."""

    __slots__ = ("_loaded", "_scope")

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._loaded: tuple[rows.CustomerRow | None] | None = None

    @property
    def _row(self) -> rows.CustomerRow | None:
        self._scope.private = True
        if self._loaded is None:
            self._loaded = (self._scope.load(self._scope.reader.customer),)
        return self._loaded[0]

    def __bool__(self) -> bool:
        return self._row is not None

    name = property(lambda self: self._row.name if self._row else None, doc="Full name.")
    email = property(lambda self: self._row.email if self._row else None, doc="Mail address.")
