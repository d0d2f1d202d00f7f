"""Buy some, get others cheaper: which units are paid in full and which are the gift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from souk.discounts.terms import Basket, BuyGet

# (unit price, index of the line, units): never one entry for each unit, a line may have 10,000.
Run = tuple[int, int, int]


def gift_cuts(deal: BuyGet, percentage: Decimal, basket: Basket) -> list[Decimal]:
    """Return what each line gets cheaper, exact.

    A unit is bought or got, never both. The dearest units count as bought, the cheapest ones are the gift;
    only whole deals count.
    """
    bought, got, both = _runs(deal, basket)
    times = _times(deal, _count(bought), _count(got), _count(both))
    owed = max(0, times * deal.buys_quantity - _count(bought))
    cuts = [Decimal(0)] * len(basket.items)
    for price, index, units in _cheapest([*got, *_without_dearest(both, owed)], times * deal.gets_quantity):
        cuts[index] += units * price * percentage / 100
    return cuts


def _runs(deal: BuyGet, basket: Basket) -> tuple[list[Run], list[Run], list[Run]]:
    bought: list[Run] = []
    got: list[Run] = []
    both: list[Run] = []
    for index, item in enumerate(basket.items):
        run = (item.unit_price, index, item.quantity)
        buys, gets = deal.buys.covers(item), deal.gets.covers(item)
        if buys or gets:
            (both if buys and gets else bought if buys else got).append(run)
    return bought, got, both


def _times(deal: BuyGet, bought: int, got: int, both: int) -> int:
    """Return how many whole deals the units make: the largest number whose needs the shared units can fill."""
    low, high = 0, (bought + got + both) // (deal.buys_quantity + deal.gets_quantity)
    while low < high:
        middle = (low + high + 1) // 2
        needs = max(0, middle * deal.buys_quantity - bought) + max(0, middle * deal.gets_quantity - got)
        low, high = (middle, high) if needs <= both else (low, middle - 1)
    return low if deal.uses_per_order is None else min(low, deal.uses_per_order)


def _count(runs: Iterable[Run]) -> int:
    return sum(units for _, _, units in runs)


def _without_dearest(runs: Sequence[Run], units: int) -> list[Run]:
    return _cheapest(runs, _count(runs) - units)


def _cheapest(runs: Iterable[Run], units: int) -> list[Run]:
    taken = []
    for price, index, count in sorted(runs):
        used = min(count, units)
        if used > 0:
            taken.append((price, index, used))
        units -= used
    return taken
