"""What a set of discounts that stand beside each other takes off: the published order of calculation.

Product discounts first (gifts, then fixed amounts, then percentages), each on what the ones before it left, with one
rounding for each line; then order discounts, each rounded once and spread over the lines by largest remainder; then
shipping discounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from souk.discounts.buy_get import gift_cuts
from souk.discounts.terms import ORDER, PRODUCT, SHIPPING, Applied, Basket, Terms
from souk.kernel.money import allocate, round_half_up

_ORDER = ("buy_x_get_y", "fixed_amount", "percentage", "free_shipping")
# Weights of the spreading: a millionth of a minor unit is finer than any percentage needs.
_SCALE = 1_000_000


def take_off(chosen: Sequence[Terms], basket: Basket) -> list[Applied]:
    """Return what each of `chosen` takes off, in the order in which they are applied; those without effect are left
    out. No line and no delivery falls below 0.
    """
    ordered = sorted(chosen, key=lambda terms: (_ORDER.index(terms.value_type), terms.id))
    applied = _off_products([terms for terms in ordered if terms.kind == PRODUCT], basket)
    left = [item.subtotal - sum(one.lines[i] for one in applied) for i, item in enumerate(basket.items)]
    for terms in (terms for terms in ordered if terms.kind == ORDER):
        parts = _off_order(terms, basket, left)
        left = [before - part for before, part in zip(left, parts, strict=True)]
        applied.append(Applied(terms, parts))
    applied += _off_shipping([terms for terms in ordered if terms.kind == SHIPPING], basket)
    return [one for one in applied if one.amount]


def _off_products(chosen: Sequence[Terms], basket: Basket) -> list[Applied]:
    left = [Decimal(item.subtotal) for item in basket.items]
    cuts: list[list[Decimal]] = []
    for terms in chosen:
        wanted = _product_cuts(terms, basket, left)
        cuts.append([min(cut, rest) for cut, rest in zip(wanted, left, strict=True)])
        left = [rest - cut for rest, cut in zip(left, cuts[-1], strict=True)]
    by_line = [_rounded_once([cut[index] for cut in cuts]) for index in range(len(basket.items))]
    return [Applied(terms, [parts[order] for parts in by_line]) for order, terms in enumerate(chosen)]


def _product_cuts(terms: Terms, basket: Basket, left: Sequence[Decimal]) -> list[Decimal]:
    if terms.buy_get is not None:
        return gift_cuts(terms.buy_get, terms.value, basket)
    met = [terms.applies_to.covers(item) for item in basket.items]
    if terms.value_type == "percentage":
        return [rest * terms.value / 100 if hit else Decimal(0) for rest, hit in zip(left, met, strict=True)]
    return [terms.value * item.quantity if hit else Decimal(0) for item, hit in zip(basket.items, met, strict=True)]


def _rounded_once(exact: Sequence[Decimal]) -> list[int]:
    whole = round_half_up(sum(exact, Decimal(0)))
    return allocate(whole, [int(one * _SCALE) for one in exact]) if whole else [0] * len(exact)


def _off_order(terms: Terms, basket: Basket, left: Sequence[int]) -> list[int]:
    weights = [rest if terms.applies_to.covers(item) else 0 for rest, item in zip(left, basket.items, strict=True)]
    base = sum(weights)
    amount = min(base, _part(terms, base))
    return allocate(amount, weights) if amount else [0] * len(weights)


def _off_shipping(chosen: Sequence[Terms], basket: Basket) -> list[Applied]:
    left, applied, nothing = basket.shipping, [], [0] * len(basket.items)
    for terms in chosen:
        off = left if terms.value_type == "free_shipping" else min(left, _part(terms, left))
        applied.append(Applied(terms, nothing, off))
        left -= off
    return applied


def _part(terms: Terms, base: int) -> int:
    return round_half_up(base * terms.value / 100) if terms.value_type == "percentage" else int(terms.value)
