"""Prices parcels as a carrier far away would, and fails in the ways in which one does; README.md lists them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from plugins.api import HookContext, Parcel, Plugin, RateOffer, exponent, hookimpl

GRAMS = 1_000
SLOW_SECONDS = 4.0
_OTHER_CURRENCY = "XXX"


class Unreachable(ConnectionError):
    """The carrier does not answer."""


def _offers(parcel: Parcel) -> list[RateOffer]:
    """Price a parcel from 6 units of the currency and 1 more for each begun kilogram; twice that abroad."""
    unit = 10 ** exponent(parcel.currency)
    price = (6 + -(-parcel.weight_grams // GRAMS)) * unit * (1 if parcel.country == parcel.origin else 2)
    return [
        RateOffer("ground", "Test carrier Ground", price, parcel.currency, (3, 5)),
        RateOffer("express", "Test carrier Express", price * 2, parcel.currency, (1, 1)),
    ]


def _fail(_parcel: Parcel) -> list[RateOffer]:
    raise Unreachable("no route to the test carrier")


def _dawdle(parcel: Parcel) -> list[RateOffer]:
    time.sleep(SLOW_SECONDS)
    return _offers(parcel)


def _lie(amount: int, currency: str = "") -> Callable[[Parcel], list[RateOffer]]:
    return lambda parcel: [RateOffer("ground", "Test carrier Ground", amount, currency or parcel.currency)]


_BEHAVIORS: Mapping[str, Callable[[Parcel], list[RateOffer]]] = {
    "answers": _offers,
    "nowhere": lambda _parcel: [],
    "fails": _fail,
    "slow": _dawdle,
    "negative": _lie(-100),
    "absurd": _lie(10**12),
    "currency": _lie(700, _OTHER_CURRENCY),
}
_LABELS = {
    "answers": "Answers",
    "nowhere": "Delivers nowhere",
    "fails": "Fails",
    "slow": "Answers too late",
    "negative": "Answers a price below zero",
    "absurd": "Answers an absurd price",
    "currency": "Answers in another currency",
}


class TestCarrier(Plugin):
    id = "test_carrier"
    name = "Test carrier"
    version = "1.0"
    settings_schema: ClassVar[Sequence[Mapping[str, Any]]] = (
        {
            "type": "select",
            "id": "behavior",
            "label": "When it is asked, it",
            "default": "answers",
            "options": [{"value": value, "label": label} for value, label in _LABELS.items()],
            "info": "It sends no parcels: with it you see what your checkout does with a carrier's rates.",
        },
    )

    @hookimpl
    def rate_provider(self, context: HookContext, parcel: Parcel) -> Sequence[RateOffer]:
        return _BEHAVIORS[str(context.settings.get("behavior") or "answers")](parcel)
