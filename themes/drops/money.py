"""Money in a theme: comparable, addable in one currency, printed through the money filters."""

from __future__ import annotations

from themes.drops.base import Drop
from themes.sandbox.access import exposes
from themes.sandbox.budget import BudgetExceeded
from themes.sandbox.operators import Arithmetic

MAX_BITS = 64


@exposes("amount", "currency")
class MoneyDrop(Drop, Arithmetic):
    """An amount of money; print it with `| money`."""

    __slots__ = ("amount", "currency")

    def __init__(self, amount: int, currency: str) -> None:
        if amount.bit_length() > MAX_BITS:
            raise BudgetExceeded("number size")
        self.amount = amount
        self.currency = currency

    def _of(self, other: object) -> int:
        if isinstance(other, MoneyDrop) and other.currency == self.currency:
            return other.amount
        if type(other) is int:
            return other
        raise TypeError("money compares and adds only with money of the same currency")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MoneyDrop) and (self.amount, self.currency) == (other.amount, other.currency)

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def __lt__(self, other: object) -> bool:
        return self.amount < self._of(other)

    def __le__(self, other: object) -> bool:
        return self.amount <= self._of(other)

    def __gt__(self, other: object) -> bool:
        return self.amount > self._of(other)

    def __ge__(self, other: object) -> bool:
        return self.amount >= self._of(other)

    def __add__(self, other: object) -> MoneyDrop:
        return MoneyDrop(self.amount + self._of(other), self.currency)

    def __sub__(self, other: object) -> MoneyDrop:
        return MoneyDrop(self.amount - self._of(other), self.currency)

    def __mul__(self, quantity: object) -> MoneyDrop:
        if type(quantity) is not int:
            raise TypeError("money can be multiplied by a whole number only")
        return MoneyDrop(self.amount * quantity, self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0


def money(amount: int | None, currency: str) -> MoneyDrop | None:
    return None if amount is None else MoneyDrop(amount, currency)
