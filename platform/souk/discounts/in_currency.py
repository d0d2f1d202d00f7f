"""Read discounts, which merchants write in the shop's currency, in the currency of a cart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from souk.discounts.terms import Terms
from souk.pricing.rules import Rules


def in_currency(offers: Sequence[Terms], rules: Rules, currency: str) -> list[Terms]:
    """Return the discounts with every amount in `currency`; percentages and quantities stay."""
    return list(offers) if rules.factor(currency) == 1 else [_converted(terms, rules, currency) for terms in offers]


def _converted(terms: Terms, rules: Rules, currency: str) -> Terms:
    fixed = terms.value_type == "fixed_amount"
    return replace(
        terms,
        value=Decimal(rules.amount(int(terms.value), currency)) if fixed else terms.value,
        minimum_subtotal=rules.amount(terms.minimum_subtotal, currency),
        max_shipping=None if terms.max_shipping is None else rules.amount(terms.max_shipping, currency),
        budget_left=None if terms.budget_left is None else rules.amount(terms.budget_left, currency),
    )
