"""Tax is rounded once and its parts add up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from souk.tax.calculate import tax_on
from souk.tax.rates import Rate, rates_for_class, rates_for_shipping


def rate(fraction: str, name: str = "VAT", tax_class: str = "standard", *, shipping: bool = True) -> Rate:
    return Rate(tax_class, name, Decimal(fraction), shipping)


@pytest.mark.parametrize(
    ("amount", "fraction", "included", "tax"),
    [
        (11_900, "0.19", True, 1_900),
        (999, "0.19", True, 160),
        (1_000, "0.0825", False, 83),
        (250, "0.1", False, 25),
        (5, "0.1", False, 1),
        (0, "0.19", True, 0),
    ],
)
def test_tax_is_rounded_half_up_once(amount: int, fraction: str, *, included: bool, tax: int) -> None:
    parts = tax_on(amount, [rate(fraction)], included=included)

    assert [part.amount for part in parts] == [tax]


def test_two_rates_share_one_rounded_sum() -> None:
    parts = tax_on(999, [rate("0.05", "GST"), rate("0.09975", "QST")], included=False)

    assert [(part.title, part.amount) for part in parts] == [("GST", 50), ("QST", 100)]


@given(
    amount=st.integers(0, 10**9),
    millionths=st.lists(st.integers(1, 300_000), min_size=1, max_size=4),
    included=st.booleans(),
)
def test_parts_add_up_to_the_rate_that_is_told(amount: int, millionths: list[int], *, included: bool) -> None:
    rates = [rate(str(Decimal(one) / 1_000_000), f"T{index}") for index, one in enumerate(millionths)]
    combined = sum((one.rate for one in rates), Decimal(0))

    total = sum(part.amount for part in tax_on(amount, rates, included=included))

    exact = amount * combined / (1 + combined) if included else amount * combined
    assert abs(total - exact) <= Decimal("0.5")


def test_a_class_without_rates_is_taxed_as_standard() -> None:
    rates = [rate("0.19"), rate("0.07", tax_class="reduced"), rate("0.02", "Local", shipping=False)]

    assert [one.rate for one in rates_for_class(rates, "reduced")] == [Decimal("0.07")]
    assert [one.rate for one in rates_for_class(rates, "books")] == [Decimal("0.19"), Decimal("0.02")]
    assert [one.rate for one in rates_for_shipping(rates)] == [Decimal("0.19")]
