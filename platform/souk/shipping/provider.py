"""Who prices a shipping rate: the Protocol, and the providers that the application installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ParcelGoods:
    """A line of what is sent; `weight_grams` and `price` (minor units) are of one unit.

    `profile` is the shipping profile of the goods, '' for the ordinary one.
    """

    sku: str
    title: str
    quantity: int
    weight_grams: int
    price: int
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is sent: `country` ISO 3166-1 alpha-2, `subtotal` in minor units of `currency`.

    `province` is the ISO 3166-2 part after the dash; `postal_key` the postal code in capitals without spaces.
    `origin` is the country of the shop, which a rate provider is told. Street and name are nobody's business here.
    """

    country: str
    weight_grams: int
    subtotal: int
    currency: str
    province: str = ""
    postal_key: str = ""
    city: str = ""
    items: tuple[ParcelGoods, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ShippingRate:
    """An offer: `amount` in minor units; `delivery_days` is empty or (fewest, most)."""

    code: str
    title: str
    provider: str
    amount: int
    delivery_days: tuple[int, ...] = ()


class ShippingRateProvider(Protocol):
    """Prices one configured rate. It runs inside a transaction: it calculates and never calls out."""

    @property
    def name(self) -> str: ...

    def quote(self, rate: Mapping[str, Any], parcel: Parcel) -> int | None:
        """Return the price in minor units, or None when this rate is not for this parcel."""


RateFilter = Callable[[Session, Parcel, Sequence[ShippingRate]], Sequence[ShippingRate]]

_providers: dict[str, ShippingRateProvider] = {}
_filters: dict[str, RateFilter] = {}


def install(provider: ShippingRateProvider) -> None:
    """Make `provider` known under its name; a second one of that name replaces the first."""
    _providers[provider.name] = provider


def installed(name: str) -> ShippingRateProvider | None:
    return _providers.get(name)


def install_filter(name: str, rate_filter: RateFilter) -> None:
    """Let `rate_filter` change the offers of every quote."""
    _filters[name] = rate_filter


def filters() -> Sequence[RateFilter]:
    return tuple(_filters.values())
