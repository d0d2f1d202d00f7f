"""The calculation of discounts over plain values: published order, one rounding, the best set, nothing below zero."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from souk.discounts.choose import choose
from souk.discounts.fit import misfit
from souk.discounts.take_off import take_off
from souk.discounts.terms import Basket, BuyerFacts, BuyGet, Item, Scope, Terms

ALL = frozenset({"product", "order", "shipping"})


def terms(number: int = 1, value: Any = 10, kind: str = "order", **told: Any) -> Terms:
    told.setdefault("value_type", "percentage")
    return Terms(id=number, title=f"Discount {number}", kind=kind, value=Decimal(value), **told)


def basket(*items: tuple[int, int], shipping: int = 0, country: str = "") -> Basket:
    """Return a basket of (unit price, quantity); the products are numbered from 1."""
    return Basket([Item(number, units, price) for number, (price, units) in enumerate(items, 1)], shipping, country)


def gift(buys: int, gets: int, value: int = 100, **told: Any) -> Terms:
    scopes = {name: Scope(frozenset(told.pop(name, ()))) for name in ("bought", "got")}
    deal = BuyGet(scopes["bought"], buys, scopes["got"], gets, told.pop("uses", None))
    return terms(value=value, kind="product", value_type="buy_x_get_y", buy_get=deal, **told)


@pytest.mark.parametrize(
    ("chosen", "bought", "lines", "shipping"),
    [
        ([terms(value=10)], basket((999, 1)), [100], 0),
        # Three lines of 3.33 at 10 %: 1.00 for the order, spread by largest remainder.
        ([terms(value=10)], basket((333, 1), (333, 1), (334, 1)), [33, 33, 34], 0),
        ([terms(value=500, value_type="fixed_amount")], basket((300, 1), (100, 1)), [300, 100], 0),
        # A fixed amount of a product counts for each unit and never makes it cheaper than nothing.
        ([terms(value=150, kind="product", value_type="fixed_amount")], basket((1_000, 3), (100, 2)), [450, 200], 0),
        ([terms(value=Decimal("33.3333"), kind="product")], basket((100, 1)), [33], 0),
        # Product discounts come first, and the order's takes its part of what they left.
        ([terms(1, 10), terms(2, 50, "product")], basket((1_000, 1)), [550], 0),
        ([terms(kind="shipping", value_type="free_shipping")], basket((1_000, 1), shipping=490), [0], 490),
        ([terms(value=600, kind="shipping", value_type="fixed_amount")], basket((1, 1), shipping=490), [0], 490),
    ],
)
def test_takes_off_what_was_promised(chosen: list[Terms], bought: Basket, lines: list[int], shipping: int) -> None:
    applied = take_off(chosen, bought)

    assert [sum(one.lines[index] for one in applied) for index in range(len(bought.items))] == lines
    assert sum(one.shipping for one in applied) == shipping


@pytest.mark.parametrize(
    ("deal", "bought", "lines"),
    [
        (gift(2, 1), basket((1_000, 2)), []),
        (gift(2, 1), basket((1_000, 3)), [1_000]),
        # The cheapest of all is the gift, and only whole deals count.
        (gift(2, 1), basket((1_000, 2), (300, 1), (200, 1)), [0, 0, 200]),
        (gift(2, 1), basket((500, 10_000)), [500 * 3_333]),
        (gift(2, 1, uses=1), basket((500, 9)), [500]),
        (gift(1, 1, value=50), basket((900, 2)), [450]),
        (gift(1, 1, bought=[1], got=[2]), basket((900, 3), (400, 2)), [0, 800]),
        (gift(1, 1, bought=[1], got=[2]), basket((900, 3)), []),
        # Product 2 counts on both sides: its dearest units are bought before its cheapest ones are given.
        (gift(2, 1, bought=[1, 2], got=[2]), basket((900, 1), (400, 2)), [0, 400]),
    ],
)
def test_buy_some_get_others(deal: Terms, bought: Basket, lines: list[int]) -> None:
    assert [list(one.lines) for one in take_off([deal], bought)] == ([lines] if lines else [])


def test_nothing_stands_together_unless_both_agree() -> None:
    willing = terms(1, 30, "product", combines_with=ALL)
    unwilling = terms(2, 10)
    outcome = choose([willing, unwilling], basket((1_000, 1)), BuyerFacts())
    assert [one.terms.id for one in outcome.applied] == [1]

    both = [willing, terms(2, 10, combines_with=frozenset({"product"}))]
    assert [one.amount for one in choose(both, basket((1_000, 1)), BuyerFacts()).applied] == [300, 70]


def test_the_set_that_saves_most_wins_and_the_passed_over_code_says_so() -> None:
    offers = [
        terms(1, 20, code="TWENTY"),
        terms(2, 15, "product", combines_with=ALL),
        terms(3, 10, combines_with=ALL),
        terms(4, 0, "shipping", value_type="free_shipping", combines_with=ALL),
    ]
    outcome = choose(offers, basket((1_000, 1), shipping=50), BuyerFacts())

    assert [(one.terms.id, one.amount) for one in outcome.applied] == [(2, 150), (3, 85), (4, 50)]
    assert [(one.terms.code, one.reason) for one in outcome.refused] == [("TWENTY", "not_combinable")]
    assert choose(offers[::-1], basket((1_000, 1), shipping=50), BuyerFacts()).applied == outcome.applied


@pytest.mark.parametrize(
    ("told", "buyer", "reason", "missing"),
    [
        ({"minimum_subtotal": 2_500}, BuyerFacts(), "minimum_subtotal", 500),
        ({"minimum_quantity": 5}, BuyerFacts(), "minimum_quantity", 3),
        ({"applies_to": Scope(frozenset({9}))}, BuyerFacts(), "no_items", 0),
        ({"tags": frozenset({"vip"})}, BuyerFacts(tags=frozenset({"new"})), "not_for_you", 0),
        ({"first_order": True}, BuyerFacts(orders=1), "first_order_only", 0),
        ({"per_customer": 1}, BuyerFacts(uses={1: 1}), "already_used", 0),
        ({"budget_left": 199}, BuyerFacts(), "used_up", 0),
        ({"closed": "expired"}, BuyerFacts(), "expired", 0),
        ({"kind": "shipping", "countries": frozenset({"DE"})}, BuyerFacts(), "wrong_country", 0),
        ({"kind": "shipping", "max_shipping": 100}, BuyerFacts(), "shipping_too_dear", 0),
    ],
)
def test_a_code_that_does_not_fit_says_why(told: dict[str, Any], buyer: BuyerFacts, reason: str, missing: int) -> None:
    outcome = choose([terms(code="TEN", **told)], basket((1_000, 2), shipping=490, country="US"), buyer)

    assert not outcome.applied
    assert [(one.reason, one.missing) for one in outcome.refused] == [(reason, missing)]


SCOPES = st.builds(Scope, st.frozensets(st.integers(1, 4), max_size=2))
KINDS = st.sampled_from(["product", "order", "shipping"])


@st.composite
def any_terms(draw: st.DrawFn, number: int) -> Terms:
    kind = draw(KINDS)
    types = {"product": ["percentage", "fixed_amount", "buy_x_get_y"], "order": ["percentage", "fixed_amount"]}
    value_type = draw(st.sampled_from(types.get(kind, ["free_shipping", "percentage"])))
    deal = None
    if value_type == "buy_x_get_y":
        deal = BuyGet(draw(SCOPES), draw(st.integers(1, 4)), draw(SCOPES), draw(st.integers(1, 4)))
    most = 5_000 if value_type == "fixed_amount" else 100
    value = draw(st.integers(1, most)) if most == 5_000 else draw(st.decimals("0.01", 100, places=4))
    return terms(
        number, value, kind, value_type=value_type, buy_get=deal, applies_to=draw(SCOPES),
        combines_with=draw(st.frozensets(KINDS)), code=draw(st.sampled_from(["", f"CODE{number}"])),
    )  # fmt: skip


OFFERS = st.integers(0, 5).flatmap(lambda count: st.tuples(*(any_terms(number) for number in range(1, count + 1))))
BASKETS = st.builds(
    lambda items, shipping: basket(*items, shipping=shipping),
    st.lists(st.tuples(st.integers(0, 100_000), st.integers(1, 10_000)), min_size=1, max_size=5),
    st.integers(0, 5_000),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(OFFERS, BASKETS)
def test_whatever_is_stacked_nothing_falls_below_zero(offers: tuple[Terms, ...], bought: Basket) -> None:
    outcome = choose(offers, bought, BuyerFacts())

    for index, item in enumerate(bought.items):
        assert 0 <= outcome.of_line(index) <= item.subtotal
        assert all(one.lines[index] >= 0 for one in outcome.applied)
    assert 0 <= outcome.shipping <= bought.shipping
    ids = [one.terms for one in outcome.applied]
    assert all(one.combines(other) for one in ids for other in ids if one is not other)
    saved = sum(one.amount for one in outcome.applied)
    fitting = [offer for offer in offers if misfit(offer, bought, BuyerFacts()) is None]
    assert all(saved >= sum(one.amount for one in take_off([offer], bought)) for offer in fitting)
    assert {one.terms.id for one in outcome.applied} | {one.terms.id for one in outcome.refused} >= {
        offer.id for offer in offers if offer.code
    }
