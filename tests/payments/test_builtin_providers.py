"""The providers that need no outside world pass the suite of all providers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from plugins.api import Account, ChargeResult, Payment, PaymentProvider, ProviderUnreachable
from plugins.builtin.manual_payment.plugin import Manual
from plugins.builtin.test_gateway.messages import write_message
from plugins.builtin.test_gateway.plugin import Gateway
from tests.fixtures.payment_provider import Ability, Message, Outcome, ProviderConformance, ProviderWorld

TOKENS = {"approved": "tok_approved", "declined": "tok_declined", "extra step": "tok_requires_action"}


class Forgetful(Gateway):
    """Loses an answer on demand, after it has done what was asked."""

    lost = False

    def _answer(self, result: Any) -> Any:
        if self.lost:
            self.lost = False
            raise ProviderUnreachable(self.name)
        return result

    def charge(self, *args: Any) -> Any:
        return self._answer(super().charge(*args))

    def capture(self, *args: Any, **options: Any) -> Any:
        return self._answer(super().capture(*args, **options))

    def refund(self, *args: Any) -> Any:
        return self._answer(super().refund(*args))


class GatewayWorld:
    account = Account(1)
    abilities: frozenset[Ability] = frozenset(
        ["charge", "authorize", "several captures", "extra step", "lost answers", "webhooks", "saved methods"]
    )

    def __init__(self) -> None:
        self.gateway = Forgetful()
        self.provider: PaymentProvider = self.gateway

    def method(self, outcome: Outcome) -> Mapping[str, Any]:
        return {"type": "test", "token": TOKENS[outcome]}

    def moved(self, key: str) -> tuple[int, int]:
        charge = self.gateway.ledger().find(key)
        return (charge.captured, charge.refunded) if charge else (0, 0)

    def act(self, _result: ChargeResult, _payment: Payment, *, approve: bool) -> Mapping[str, Any]:
        return {"outcome": "approve" if approve else "decline"}

    def lose_next_answer(self) -> None:
        self.gateway.lost = True

    def message(self, kind: Literal["payment", "refund"], key: str) -> Message:
        name = {"payment": "charge.changed", "refund": "refund.changed"}[kind]
        return write_message(self.gateway.ledger().webhook_secret(), secrets.token_hex(8), name, key)


class ManualWorld(GatewayWorld):
    abilities: frozenset[Ability] = frozenset(["defer"])

    def __init__(self) -> None:
        self.provider = Manual()

    def method(self, _outcome: Outcome) -> Mapping[str, Any]:
        return {"type": "manual"}


class TestTestGateway(ProviderConformance):
    @pytest.fixture
    def world(self, platform: None) -> ProviderWorld:
        return GatewayWorld()


class TestManualPayment(ProviderConformance):
    @pytest.fixture
    def world(self) -> ProviderWorld:
        return ManualWorld()
