"""Resolve prices: plain values in and out, the same answer for the same lists in any order of reading.

A list *speaks* for a variant that it names, and for every variant where it has a percentage or breaks. Of the lists
for everybody the narrowest that speaks decides, and its percentage changes the base price in the buyer's currency; then
of the lists of the buyer's groups the narrowest that speaks, and its percentage changes what everybody pays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from souk.kernel.money import Money, round_half_up
from souk.pricing.rules import Market, Rules


@dataclass(frozen=True, slots=True)
class Fixed:
    """A price from `least` units of a variant on, in minor units."""

    least: int
    price: int
    compare_at: int | None = None


@dataclass(frozen=True, slots=True)
class ListTerms:
    """One list that holds for the buyer; `breaks` are (from, percent), ascending."""

    id: int
    name: str
    for_group: bool
    percent: Decimal | None = None
    breaks: Sequence[tuple[int, Decimal]] = ()
    # variant -> its prices by quantity, ascending
    prices: Mapping[int, Sequence[Fixed]] = field(default_factory=dict)
    # Whether it names prices of single variants at all, of these or of others.
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one unit costs (minor units), with the steps that led to it as a line keeps them."""

    price: int
    compare_at: int | None
    steps: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """The lists that hold for one buyer, the narrowest first."""

    rules: Rules
    market: Market
    lists: Sequence[ListTerms] = ()

    @property
    def plain(self) -> bool:
        """True when every price is the catalogue's own."""
        return not self.lists and self.market.currency == self.rules.base

    @property
    def for_all(self) -> bool:
        """True when it holds for every variant, not only for those it was read for."""
        return not any(one.fixed for one in self.lists)

    def resolve(self, variant_id: int, base: int, compare_at: int | None = None, quantity: int = 1) -> Resolved:
        """Return the price of one unit when `quantity` are bought; `base` is the catalogue's price."""
        currency = self.market.currency
        former = None if compare_at is None else self.rules.price(compare_at, currency)
        found = Resolved(self.rules.price(base, currency), former, (self._base_step(base),))
        for for_group in (False, True):
            spoken = (_speak(one, variant_id, found, quantity) for one in self.lists if one.for_group is for_group)
            found = next((one for one in spoken if one is not None), found)
        return found

    def breaks(self, variant_id: int, base: int) -> list[tuple[int, int]]:
        """Return (from, price of one unit), ascending, wherever buying more makes a unit cheaper."""
        least = {each for one in self.lists for each, _ in one.breaks}
        least |= {fixed.least for one in self.lists for fixed in one.prices.get(variant_id, ())}
        cheapest, found = self.resolve(variant_id, base).price, []
        for quantity in sorted(least - {1}):
            price = self.resolve(variant_id, base, quantity=quantity).price
            if price < cheapest:
                found.append((quantity, price))
                cheapest = price
        return found

    def _base_step(self, base: int) -> dict[str, Any]:
        currency, own = self.market.currency, self.rules.base
        step: dict[str, Any] = {"step": "base", "amount": self.rules.price(base, currency)}
        if currency != own and currency in self.rules.rates:
            step["converted"] = {
                "currency": own,
                "price": str(Money(base, own).major),
                "rate": str(self.rules.rates[currency].rate),
            }
        return step


def _speak(terms: ListTerms, variant_id: int, before: Resolved, quantity: int) -> Resolved | None:
    fixed = terms.prices.get(variant_id, ())
    if not fixed and terms.percent is None and not terms.breaks:
        return None
    single = next((one for one in fixed if one.least == 1), None)
    price = single.price if single else _changed(before.price, terms.percent)
    compare_at = single.compare_at if single and single.compare_at is not None else before.compare_at
    steps = [*before.steps]
    if single or terms.percent is not None:
        steps.append({"step": "list", "price_list_id": terms.id, "title": terms.name, "amount": price,
                      **({} if single else {"percent": str(terms.percent)})})  # fmt: skip
    broken = _break(terms, fixed, price, quantity)
    if broken is not None:
        least, price = broken
        steps.append({"step": "quantity_break", "price_list_id": terms.id, "title": terms.name, "from": least,
                      "amount": price})  # fmt: skip
    return Resolved(price, compare_at, steps)


def _break(terms: ListTerms, fixed: Sequence[Fixed], price: int, quantity: int) -> tuple[int, int] | None:
    """Return (from, price) of the highest break that is reached: the variant's own ones, or those of the list."""
    own = [(one.least, one.price) for one in fixed if one.least > 1]
    steps = own or [(least, _changed(price, percent)) for least, percent in terms.breaks]
    reached = [one for one in steps if one[0] <= quantity]
    return max(reached, default=None)


def _changed(price: int, percent: Decimal | None) -> int:
    return price if percent is None else round_half_up(price * (100 + percent) / 100)
