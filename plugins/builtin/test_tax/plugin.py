"""Taxes a sale as a service far away would, and fails in the ways in which one does; README.md lists them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from plugins.api import HookContext, Plugin, ProviderRate, TaxAnswer, TaxRequest, hookimpl

SLOW_SECONDS = 4.0
_STATE = ProviderRate("State tax", Decimal("0.0625"))
_CITY = ProviderRate("City tax", Decimal("0.0225"))
# What buyers of books owe in many places.
_REDUCED = ProviderRate("Reduced tax", Decimal("0.05"))


class Unreachable(ConnectionError):
    """The service does not answer."""


def _answer(request: TaxRequest) -> TaxAnswer:
    both, reduced = (_STATE, _CITY), (_REDUCED,)
    items = [reduced if item.tax_class == "reduced" else both for item in request.items]
    return TaxAnswer(items, (_STATE,))


def _fail(_request: TaxRequest) -> TaxAnswer:
    raise Unreachable("no route to the test tax service")


def _dawdle(request: TaxRequest) -> TaxAnswer:
    time.sleep(SLOW_SECONDS)
    return _answer(request)


def _lie(rate: str) -> Callable[[TaxRequest], TaxAnswer]:
    return lambda request: TaxAnswer([(ProviderRate("Tax", Decimal(rate)),) for _ in request.items])


_BEHAVIORS: Mapping[str, Callable[[TaxRequest], TaxAnswer]] = {
    "answers": _answer,
    "nothing_due": lambda request: TaxAnswer([() for _ in request.items]),
    "fails": _fail,
    "slow": _dawdle,
    "negative": _lie("-0.1"),
    "absurd": _lie("7"),
    "no_number": _lie("NaN"),
    "short": lambda _request: TaxAnswer(()),
}
_LABELS = {
    "answers": "Answers",
    "nothing_due": "Says that no tax is due",
    "fails": "Fails",
    "slow": "Answers too late",
    "negative": "Answers a rate below zero",
    "absurd": "Answers an absurd rate",
    "no_number": "Answers no number",
    "short": "Forgets the lines",
}


class TestTax(Plugin):
    id = "test_tax"
    name = "Test tax"
    version = "1.0"
    settings_schema: ClassVar[Sequence[Mapping[str, Any]]] = (
        {
            "type": "select",
            "id": "behavior",
            "label": "When it is asked, it",
            "default": "answers",
            "options": [{"value": value, "label": label} for value, label in _LABELS.items()],
            "info": "Its rates are invented: with it you see what your checkout does with a tax service.",
        },
    )

    @hookimpl
    def tax_provider(self, context: HookContext, request: TaxRequest) -> TaxAnswer:
        return _BEHAVIORS[str(context.settings.get("behavior") or "answers")](request)
