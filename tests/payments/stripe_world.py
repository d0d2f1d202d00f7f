"""Stripe as the suite of all providers sees it, with the double for its outside world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from plugins.api import Account, ChargeResult, Payment, PaymentProvider, seal
from plugins.builtin.stripe.provider import Stripe
from tests.doubles.stripe import StripeDouble, money
from tests.doubles.stripe.server import KEY, PUBLISHABLE
from tests.fixtures.payment_provider import Ability, Message, Outcome

SECRET = "whsec_shop"
METHODS = {
    "approved": "pm_card_visa", "declined": "pm_card_chargeDeclined", "extra step": "pm_card_authenticationRequired",
}  # fmt: skip


def own_keys(tenant_id: int = 7, **settings: Any) -> Account:
    endpoint = {"id": "we_1", "url": "https://shop.example/webhooks/stripe", "secret": seal(SECRET), "until": None}
    known = {"secret_key": seal(KEY), "publishable_key": PUBLISHABLE, "endpoints": [endpoint]}
    return Account(tenant_id, known | settings)


class StripeWorld:
    abilities: frozenset[Ability] = frozenset(
        ["charge", "authorize", "several captures", "extra step", "lost answers", "webhooks", "saved methods"]
    )

    def __init__(self, double: StripeDouble, account: Account | None = None) -> None:
        self.double = double
        self.provider: PaymentProvider = Stripe()
        self.account = account or own_keys()

    def method(self, outcome: Outcome) -> Mapping[str, Any]:
        return {"type": "stripe", "token": METHODS[outcome]}

    def moved(self, key: str) -> tuple[int, int]:
        return self.double.moved(key)

    def act(self, _result: ChargeResult, payment: Payment, *, approve: bool) -> Mapping[str, Any]:
        intent = self.double.store.things[payment.reference]
        if intent["status"] == "requires_action" and approve:
            money.pay(self.double.store, intent)
        elif intent["status"] == "requires_action":
            money.decline(self.double.store, intent, "authentication")
        return {"outcome": "done"}

    def lose_next_answer(self) -> None:
        # The SDK tries a lost one again by itself.
        self.double.faults.lose = 2

    def message(self, kind: Literal["payment", "refund"], key: str) -> Message:
        names = {"payment": "payment_intent.", "refund": "refund."}
        store = self.double.store
        if kind == "payment":
            intent = self.double.intent(key)
            assert intent is not None
            store.tell("payment_intent.succeeded", intent)
        event = next(
            one
            for one in reversed(store.events)
            if one["type"].startswith(names[kind]) and one["data"]["object"]["metadata"].get("souk_key") == key
        )
        return self.double.signed(event, SECRET)
