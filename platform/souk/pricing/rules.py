"""The shop's currencies, and whether it has price lists at all: read with its settings, at no cost of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from souk.kernel.money import exponent, round_half_up
from souk.kernel.settings import read_setting


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of the shop's currency is `rate` of the other. A converted price is rounded to the nearest `step`
    minor units, and `less` minor units are taken off it: step 100, less 1 ends every price in .99.

    `countries` are those whose buyers see it unless they choose another one. One that is not `enabled` is offered to
    nobody; carts that were begun in it keep it.
    """

    rate: Decimal
    step: int = 1
    less: int = 0
    countries: frozenset[str] = frozenset()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Market:
    """For whom a price is: the currency it is in, the country (ISO 3166-1 alpha-2, '' unknown) and the groups."""

    currency: str
    country: str = ""
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """`base` is the shop's currency, in which the catalogue is kept. `lists`: one may hold; `groups`: one is for some
    customers only.
    """

    base: str
    home: str = ""
    rates: Mapping[str, Rate] = field(default_factory=dict)
    lists: bool = False
    groups: bool = False

    @property
    def currencies(self) -> list[str]:
        """The currencies that a buyer may choose, the shop's own first."""
        return [self.base, *(code for code, rate in self.rates.items() if rate.enabled)]

    def market(self, currency: str = "", country: str = "", groups: Iterable[str] = ()) -> Market:
        """Return a buyer's market: a currency that is not sold gives way to that of the country, then to the base."""
        place = country or self.home
        if currency not in self.currencies:
            own = (code for code, rate in self.rates.items() if rate.enabled and place in rate.countries)
            currency = next(own, self.base)
        return Market(currency, place, frozenset(groups))

    def as_in_catalog(self, market: Market) -> bool:
        """Tell whether a market sees the catalogue's own prices, so that none need be read."""
        return not self.lists and market.currency == self.base

    def factor(self, currency: str) -> Decimal:
        """Return what a minor unit of the base is worth in minor units of `currency`; 1 for one without a rate."""
        if currency == self.base or currency not in self.rates:
            return Decimal(1)
        return self.rates[currency].rate.scaleb(exponent(currency) - exponent(self.base))

    def price(self, amount: int, currency: str) -> int:
        """Return a price of the base in `currency`, rounded as the merchant wants; free stays free."""
        if currency == self.base or currency not in self.rates or not amount:
            return amount
        rule = self.rates[currency]
        steps = max(round_half_up(amount * self.factor(currency) / rule.step), 1)
        return max(steps * rule.step - rule.less, 0)

    def amount(self, amount: int, currency: str) -> int:
        """Return an amount of the base in `currency`, rounded once: thresholds, discounts, costs."""
        return round_half_up(amount * self.factor(currency))

    def back(self, amount: int, currency: str) -> int:
        """Return an amount of `currency` in the base, rounded once."""
        return round_half_up(amount / self.factor(currency))


def rules_of(shop: Mapping[str, Any]) -> Rules:
    """Read the settings group `shop`: {currency, country, pricing: {lists, groups, currencies: {EUR: {rate, ...}}}}."""
    pricing = shop.get("pricing", {})
    rates = {code: _rate(told) for code, told in pricing.get("currencies", {}).items()}
    return Rules(
        base=str(shop.get("currency", "")),
        home=str(shop.get("country", "")),
        rates=rates,
        lists=bool(pricing.get("lists")),
        groups=bool(pricing.get("groups")),
    )


def read_rules(session: Session) -> Rules:
    return rules_of(read_setting(session, "shop"))


def _rate(told: Mapping[str, Any]) -> Rate:
    return Rate(
        Decimal(told["rate"]),
        int(told.get("step", 1)),
        int(told.get("less", 0)),
        frozenset(told.get("countries", ())),
        enabled=bool(told.get("enabled", True)),
    )
