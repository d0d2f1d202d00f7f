"""Which list decides, what it makes of a price, and that the explanation leads there."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souk.pricing.book import Book, Fixed, ListTerms
from souk.pricing.rules import Market, Rate, Rules

MUG = 7
SHOP = Rules("USD", "US", {"EUR": Rate(Decimal("0.9"), 100, 1), "JPY": Rate(Decimal(150), 10)})


def named(number: int, price: int, *, for_group: bool = False, least: int = 1) -> ListTerms:
    return ListTerms(number, f"List {number}", for_group, prices={MUG: (Fixed(least, price, price + 100),)})


def percent(number: int, text: str, *breaks: tuple[int, str], for_group: bool = False) -> ListTerms:
    stepped = tuple((least, Decimal(change)) for least, change in breaks)
    return ListTerms(number, f"List {number}", for_group, Decimal(text), stepped)


@pytest.mark.parametrize(
    ("lists", "quantity", "price"),
    [
        ([], 1, 2_000),
        ([named(1, 1_500)], 1, 1_500),
        ([named(1, 1_500, least=10)], 9, 2_000),
        ([named(1, 1_500, least=10)], 10, 1_500),
        # The narrower list stands first; the wider one is not looked at, and nothing is added up.
        ([named(1, 1_500), percent(2, "-50")], 1, 1_500),
        ([percent(2, "-50"), named(1, 1_500)], 1, 1_000),
        # A list that does not name the variant and has no percentage leaves it to the next.
        ([ListTerms(1, "Other", for_group=False, prices={99: (Fixed(1, 1),)}), percent(2, "5")], 1, 2_100),
        # A group's percentage is taken off what everybody pays, its fixed price stands for itself.
        ([named(1, 1_500), percent(2, "-10", for_group=True)], 1, 1_350),
        ([percent(1, "-20"), named(2, 1_234, for_group=True)], 1, 1_234),
        # Breaks are taken off the list's own price; the highest that is reached counts.
        ([percent(1, "-10", (5, "-5"), (20, "-50"))], 4, 1_800),
        ([percent(1, "-10", (5, "-5"), (20, "-50"))], 5, 1_710),
        ([percent(1, "-10", (5, "-5"), (20, "-50"))], 20, 900),
        # A variant's own breaks stand in the place of the list's.
        ([replace(percent(1, "-10", (5, "-50")), prices={MUG: (Fixed(1, 1_900), Fixed(5, 1_800))})], 5, 1_800),
    ],
)  # fmt: skip
def test_the_narrowest_list_that_speaks_decides(lists: list[ListTerms], quantity: int, price: int) -> None:
    found = Book(SHOP, Market("USD", "US"), lists).resolve(MUG, 2_000, quantity=quantity)

    assert found.price == price
    assert found.steps[0] == {"step": "base", "amount": 2_000}
    assert found.steps[-1]["amount"] == price


@pytest.mark.parametrize(
    ("currency", "base", "price"),
    [
        ("USD", 1_999, 1_999),
        ("EUR", 1_999, 1_799),
        ("EUR", 10, 99),
        ("EUR", 0, 0),
        ("JPY", 1_999, 3_000),
        ("JPY", 1, 10),
    ],
)
def test_a_price_is_converted_and_rounded_as_the_merchant_wants(currency: str, base: int, price: int) -> None:
    found = Book(SHOP, Market(currency)).resolve(MUG, base)

    assert found.price == price
    assert ("converted" in found.steps[0]) is (currency != "USD")


def test_a_list_may_name_its_own_former_price_and_breaks_are_shown_where_they_help() -> None:
    prices = {MUG: (Fixed(1, 1_500, 1_800), Fixed(5, 1_400), Fixed(10, 1_400), Fixed(20, 1_000))}
    book = Book(SHOP, Market("USD"), [ListTerms(1, "B2B", for_group=True, prices=prices)])

    assert book.resolve(MUG, 2_000, 2_500).compare_at == 1_800
    assert book.breaks(MUG, 2_000) == [(5, 1_400), (20, 1_000)]
    assert book.breaks(99, 2_000) == []


@given(
    st.integers(0, 10**6),
    st.sampled_from(["USD", "EUR", "JPY"]),
    st.integers(1, 10_000),
    st.lists(
        st.builds(
            lambda change, least, cut, group: percent(1, str(change), (least, str(cut)), for_group=group),
            st.integers(-99, 100), st.integers(2, 10_000), st.integers(-99, -1), st.booleans(),
        ),
        max_size=3,
    ),
)  # fmt: skip
def test_a_price_is_never_negative_and_more_is_never_dearer(
    base: int, currency: str, quantity: int, lists: list[ListTerms]
) -> None:
    book = Book(SHOP, Market(currency), lists)
    one, many = book.resolve(MUG, base), book.resolve(MUG, base, quantity=quantity)

    assert 0 <= many.price <= one.price
    assert many.steps[-1]["amount"] == many.price
    costs = [price for _, price in book.breaks(MUG, base)]
    assert costs == sorted(costs, reverse=True)
