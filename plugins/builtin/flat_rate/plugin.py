"""Price a rate from its own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.api import Parcel, Plugin, ShippingRateProvider, hookimpl

GRAMS = 1_000


class FlatRates:
    name = "flat_rate"

    def quote(self, rate: Mapping[str, Any], parcel: Parcel) -> int | None:
        """Return `price` plus `price_per_kg` for each begun kilogram, in minor units."""
        kilograms = -(-parcel.weight_grams // GRAMS)
        return int(rate["price"]) + int(rate.get("price_per_kg", 0)) * kilograms


class FlatRate(Plugin):
    id = "flat_rate"
    name = "Flat-rate shipping"
    version = "1.0"
    default_enabled = True

    @hookimpl
    def shipping_rate_providers(self) -> Sequence[ShippingRateProvider]:
        return [FlatRates()]
