"""Cards with scripted outcomes; README.md lists them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from plugins.api import (
    ChargeRequest,
    ChargeResult,
    PaymentProvider,
    Plugin,
    ProviderUnreachable,
    RefundResult,
    data_folder,
    hookimpl,
)
from plugins.builtin.test_gateway.ledger import Charge, Ledger

SLOW_SECONDS = 2.0
APPROVE = "approve"

# token -> (status, error code)
_OUTCOMES: Mapping[str, tuple[str, str]] = {
    "tok_approved": ("captured", ""),
    "tok_declined": ("failed", "card_declined"),
    "tok_insufficient_funds": ("failed", "insufficient_funds"),
    "tok_requires_action": ("requires_action", ""),
    "tok_slow": ("captured", ""),
    "tok_lost_answer": ("captured", ""),
}
_ACTION = {
    "type": "confirm",
    "title": "Confirm this payment with your bank",
    "choices": [{"value": APPROVE, "title": "Approve"}, {"value": "decline", "title": "Decline"}],
}


class Gateway:
    """Behaves like a gateway far away: it remembers what it was asked, whatever becomes of the asker."""

    name = "test_gateway"
    title = "Test card"
    method_type = "test"

    def charge(self, request: ChargeRequest) -> ChargeResult:
        token = str(request.method.get("token", ""))
        status, error_code = _OUTCOMES.get(token, ("failed", "unknown_token"))
        if token == "tok_slow":  # noqa: S105 - the name of a test card
            time.sleep(SLOW_SECONDS)
        asked = Charge(request.idempotency_key, request.amount, request.currency, status, error_code)
        charge = self._ledger().insert(asked)
        if token == "tok_lost_answer":  # noqa: S105 - the name of a test card
            raise ProviderUnreachable(self.name)
        return _result(charge)

    def status(self, idempotency_key: str) -> ChargeResult | None:
        charge = self._ledger().find(idempotency_key)
        return None if charge is None else _result(charge)

    def confirm(self, idempotency_key: str, answer: Mapping[str, Any]) -> ChargeResult:
        """Approve or decline a charge that waits; anything else than `outcome: approve` declines it."""
        approved = answer.get("outcome") == APPROVE
        status, error_code = ("captured", "") if approved else ("failed", "authentication_failed")
        charge = self._ledger().advance(idempotency_key, status, error_code)
        return self.cancel(idempotency_key) if charge is None else _result(charge)

    def cancel(self, idempotency_key: str) -> ChargeResult:
        ledger = self._ledger()
        # A key that was never heard of is kept as canceled: a charge still on its way finds it taken.
        ledger.insert(Charge(idempotency_key, 0, "", "canceled", ""))
        charge = ledger.advance(idempotency_key, "canceled")
        return ChargeResult("canceled", idempotency_key) if charge is None else _result(charge)

    def refund(self, charge_key: str, amount: int, _currency: str, idempotency_key: str) -> RefundResult:
        succeeded = self._ledger().refund(charge_key, amount, idempotency_key)
        return RefundResult(succeeded, idempotency_key, "" if succeeded else "amount_too_large")

    def captured(self, key_prefix: str) -> list[int]:
        """Return every captured amount of keys with this beginning, for tests that count charges."""
        return self._ledger().captured(key_prefix)

    @staticmethod
    def _ledger() -> Ledger:
        return Ledger(data_folder("test_gateway") / "charges.sqlite")


def _result(charge: Charge) -> ChargeResult:
    return ChargeResult(
        charge.status,  # type: ignore[arg-type]
        provider_reference=charge.key,
        provider_status=charge.status,
        error_code=charge.error_code,
        action=_ACTION if charge.status == "requires_action" else {},
    )


class TestGateway(Plugin):
    __test__ = False  # pytest would take the name for a test class

    id = "test_gateway"
    name = "Test gateway"
    version = "1.0"
    default_enabled = True

    @hookimpl
    def payment_providers(self) -> Sequence[PaymentProvider]:
        return [Gateway()]
