"""What a tax provider is asked and what it answers: rates by line, from which we calculate every amount ourselves.

One rounding rule for all taxes keeps lines, tax and totals adding up, whoever says the rates; and an edit or a refund
years later calculates with the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from souk.addresses.postal import postal_key
from souk.kernel.asking import AnswerRefused

MAX_RATES = 10
MAX_TITLE = 80
# All rates of a line together. No sales tax or VAT of the world comes near it.
MOST = Decimal("0.5")
# As many as the order keeps.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class TaxedGoods:
    """A line that may be taxed: `amount` in minor units for all of `quantity`, after discounts."""

    sku: str
    title: str
    tax_class: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class TaxRequest:
    """A sale to a place on a `day` (ISO 8601): `country` ISO 3166-1 alpha-2, `province` the ISO 3166-2 part after the
    dash, `postal_key` the postal code in capitals without spaces; `origin` is the country of the shop.

    Amounts are minor units of `currency`, with their tax where `prices_include_tax`. `tax_number` is the buyer's own.
    """

    day: str
    origin: str
    country: str
    province: str
    postal_key: str
    city: str
    currency: str
    prices_include_tax: bool
    tax_number: str
    shipping: int
    items: tuple[TaxedGoods, ...]


def sale_to(
    address: Mapping[str, Any],
    day: date,
    *,
    origin: str,
    currency: str,
    included: bool,
    shipping: int,
    items: Iterable[TaxedGoods],
) -> TaxRequest:
    """Return the request about a sale to an address as checkouts and orders keep it."""
    country = str(address.get("country") or "")
    return TaxRequest(
        day=day.isoformat(),
        origin=origin,
        country=country,
        province=str(address.get("state") or "").upper(),
        postal_key=postal_key(country, address.get("postal_code") or ""),
        city=str(address.get("city") or ""),
        currency=currency,
        prices_include_tax=included,
        tax_number=str(address.get("tax_number") or ""),
        shipping=shipping,
        items=tuple(items),
    )


@dataclass(frozen=True, slots=True)
class ProviderRate:
    """A tax by its name; `rate` is a fraction with at most six decimals: Decimal("0.0825") is 8.25 %."""

    title: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """The rates of each of the request's items, in their order, and of the shipping; none where nothing is due."""

    items: Sequence[Sequence[ProviderRate]]
    shipping: Sequence[ProviderRate] = ()


def read_answer(request: TaxRequest, source: str, answer: Any) -> dict[str, Any]:
    """Return the answer of `source` as plain values, rates as text; raises AnswerRefused."""
    if not isinstance(answer, TaxAnswer):
        raise AnswerRefused("It must answer a TaxAnswer.")
    if len(answer.items) != len(request.items):
        raise AnswerRefused(f"It answered {len(answer.items)} lines where {len(request.items)} were asked for.")
    items = [_plain(rates) for rates in answer.items]
    return {"source": source, "items": items, "shipping": _plain(answer.shipping)}


def _plain(rates: Sequence[ProviderRate]) -> list[dict[str, str]]:
    if len(rates) > MAX_RATES or not all(isinstance(one, ProviderRate) for one in rates):
        raise AnswerRefused(f"A line takes at most {MAX_RATES} rates, each a ProviderRate.")
    for one in rates:
        _check(one)
    if sum((one.rate for one in rates), Decimal(0)) > MOST:
        raise AnswerRefused(f"The taxes of a line are above {MOST:.0%}, which is taken for a mistake.")
    return [{"title": one.title, "rate": f"{one.rate:f}"} for one in rates]


def _check(one: ProviderRate) -> None:
    if not isinstance(one.title, str) or not 0 < len(one.title) <= MAX_TITLE or not one.title.isprintable():
        raise AnswerRefused(f"A tax needs a title of 1 to {MAX_TITLE} characters.")
    if not isinstance(one.rate, Decimal) or not one.rate.is_finite():
        raise AnswerRefused(f"The rate of {one.title} is no decimal number.")
    if one.rate < 0 or round(one.rate, DECIMALS) != one.rate:
        raise AnswerRefused(f"The rate of {one.title} must be 0 or more, with at most {DECIMALS} decimals.")
