"""Money is exact, refuses to mix, and its parts add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souk.kernel.money import MixedCurrencies, Money, UnreadableAmount, allocate, exponent


@pytest.mark.parametrize(("currency", "digits"), [("JPY", 0), ("EUR", 2), ("USD", 2), ("KWD", 3), ("HUF", 2)])
def test_exponents_follow_iso_4217(currency: str, digits: int) -> None:
    assert exponent(currency) == digits


def test_major_units_are_read_exactly() -> None:
    assert Money.from_major("12.50", "EUR") == Money(1250, "EUR")
    assert Money.from_major("1250", "JPY") == Money(1250, "JPY")
    assert Money.from_major("0.125", "KWD") == Money(125, "KWD")
    assert Money(1250, "EUR").major == Decimal("12.50")


@pytest.mark.parametrize("text", ["12.505", "NaN", "Infinity", "twelve", "", "1e30"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAmount, match="is not an amount in EUR; give a number with at most 2 decimals"):
        Money.from_major(text, "EUR")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(MixedCurrencies, match="Amounts in EUR and USD cannot be combined"):
        Money(1, "EUR") + Money(1, "USD")


def test_a_product_is_rounded_half_away_from_zero() -> None:
    assert Money(250, "EUR").times(Decimal("0.01")) == Money(3, "EUR")
    assert Money(-250, "EUR").times(Decimal("0.01")) == Money(-3, "EUR")


def test_the_reader_sees_the_amount_in_the_own_way() -> None:
    assert Money(123456, "EUR").format("de-DE") == "1.234,56\xa0€"
    assert Money(123456, "USD").format("en-US") == "$1,234.56"


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_parts_add_up_and_stay_near_their_share(amount: int, weights: list[int]) -> None:
    parts = allocate(amount, weights)

    total = sum(weights)
    assert sum(parts) == amount
    if total:
        assert all(abs(part * total - amount * weight) < total for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(("currency", "end"), [("USD", "US$\u200e"), ("EUR", "€"), ("SAR", "ر.س.\u200f")])
def test_a_sign_stays_behind_its_letters_between_letters_from_right_to_left(currency: str, end: str) -> None:
    assert Money(15900, currency).format("ar").endswith(f"159.00\xa0{end}")
