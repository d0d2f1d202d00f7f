"""Choose the discounts of a basket: of all sets whose members all agree to stand together, the one that saves most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from souk.discounts.fit import misfit
from souk.discounts.take_off import take_off
from souk.discounts.terms import Applied, Basket, BuyerFacts, Outcome, Refused, Terms

# Sets grow with 2 to the power of this; only the discounts that save most alone are tried together.
MOST_TRIED = 12


def choose(offers: Sequence[Terms], basket: Basket, buyer: BuyerFacts, unknown: Sequence[str] = ()) -> Outcome:
    """Return the best set of `offers` for a basket, the same for the same input in any order.

    Sets that save equally much: more of the buyer's codes, then fewer discounts, then older discounts.
    """
    refused = [found for terms in offers if (found := misfit(terms, basket, buyer)) is not None]
    out = {one.terms.id for one in refused}
    alone = {terms.id: _saved(take_off([terms], basket)) for terms in offers if terms.id not in out}
    for terms in offers:
        if terms.id in alone and (terms.budget_left is not None and alone[terms.id] > terms.budget_left):
            refused.append(Refused(terms, "used_up"))
            del alone[terms.id]
    useful = [terms for terms in offers if alone.get(terms.id)]
    tried = sorted(useful, key=lambda terms: (-alone[terms.id], terms.id))[:MOST_TRIED]
    sets = [take_off(chosen, basket) for chosen in _agreeing(tried)]
    best = max(sets, key=_rank, default=[])
    used = {one.terms.id for one in best}
    refused += [_passed_over(terms, basket) for terms in offers if terms.id in alone and terms.id not in used]
    return Outcome(best, [one for one in refused if one.terms.code], unknown)


def _passed_over(terms: Terms, basket: Basket) -> Refused:
    # Before the address is known nothing is sent and a free delivery saves nothing yet: it waits.
    waits = terms.kind == "shipping" and not basket.shipping
    return Refused(terms, "waits_for_shipping" if waits else "not_combinable")


def _saved(applied: Sequence[Applied]) -> int:
    return sum(one.amount for one in applied)


def _rank(applied: Sequence[Applied]) -> tuple[int, int, int, list[int]]:
    codes = sum(1 for one in applied if one.terms.code)
    return _saved(applied), codes, -len(applied), sorted((-one.terms.id for one in applied), reverse=True)


def _agreeing(offers: Sequence[Terms]) -> Iterator[list[Terms]]:
    """Yield the sets that cannot grow any more (Bron and Kerbosch, 1973): adding never saves less."""
    partners = {one.id: {other.id for other in offers if one is not other and one.combines(other)} for one in offers}
    by_id = {one.id: one for one in offers}

    def grow(chosen: list[int], possible: set[int], seen: set[int]) -> Iterator[list[Terms]]:
        if not possible and not seen:
            yield [by_id[number] for number in chosen]
        for number in sorted(possible):
            yield from grow([*chosen, number], possible & partners[number], seen & partners[number])
            possible = possible - {number}
            seen = seen | {number}

    if offers:
        yield from grow([], set(by_id), set())
