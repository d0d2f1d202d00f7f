"""Cards with scripted outcomes; README.md lists them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from plugins.api import (
    Account,
    BrowserPart,
    Capture,
    CaptureResult,
    ChargeRequest,
    ChargeResult,
    KeptMethod,
    Notice,
    Payment,
    PaymentProvider,
    Plugin,
    ProviderBase,
    ProviderUnreachable,
    RefundResult,
    Risk,
    data_folder,
    hookimpl,
)
from plugins.builtin.test_gateway.ledger import Charge, Ledger
from plugins.builtin.test_gateway.messages import read_message

SLOW_SECONDS = 2.0
LABEL = "Test card •••• 4242"
APPROVE = "approve"
# The word beside a charge that went well all the same.
RISKY = "risky"

# token -> (status, error code)
_OUTCOMES: Mapping[str, tuple[str, str]] = {
    "tok_approved": ("captured", ""),
    "tok_declined": ("failed", "card_declined"),
    "tok_insufficient_funds": ("failed", "insufficient_funds"),
    "tok_requires_action": ("requires_action", ""),
    "tok_slow": ("captured", ""),
    "tok_risky": ("captured", RISKY),
    "tok_lost_answer": ("captured", ""),
}
_ACTION = {
    "type": "confirm",
    "title": "Confirm this payment with your bank",
    "choices": [{"value": APPROVE, "title": "Approve"}, {"value": "decline", "title": "Decline"}],
}


class Gateway(ProviderBase):
    """Behaves like a gateway far away: it remembers what it was asked, whatever becomes of the asker."""

    name = "test_gateway"
    title = "Test card"
    method_type = "test"

    def charge(self, request: ChargeRequest) -> ChargeResult:
        payment, ledger = request.payment, self.ledger()
        told = str(request.method.get("token", ""))
        token = ledger.token_of(request.saved, request.customer) if request.saved else told
        status, error_code = _OUTCOMES.get(token, ("failed", "unknown_token"))
        if token == "tok_slow":  # noqa: S105 - the name of a test card
            time.sleep(SLOW_SECONDS)
        if request.capture == "manual":
            status = {"captured": "authorized", "requires_action": "requires_action_manual"}.get(status, status)
        if request.save and request.customer:
            ledger.keep_method(payment.key, request.customer, token)
        charge = ledger.insert(Charge(payment.key, payment.amount, payment.currency, status, error_code))
        if token == "tok_lost_answer":  # noqa: S105 - the name of a test card
            raise ProviderUnreachable(self.name)
        return self._result(charge)

    def status(self, payment: Payment) -> ChargeResult | None:
        charge = self.ledger().find(payment.key)
        return None if charge is None else self._result(charge)

    def confirm(self, payment: Payment, answer: Mapping[str, Any]) -> ChargeResult:
        """Approve or decline a charge that waits; anything else than `outcome: approve` declines it."""
        ledger, approved = self.ledger(), answer.get("outcome") == APPROVE
        for before, after in (("requires_action", "captured"), ("requires_action_manual", "authorized")):
            end = (after, "") if approved else ("failed", "authentication_failed")
            ledger.advance(payment.key, *end, before=before)
        charge = ledger.find(payment.key)
        return self.cancel(payment) if charge is None else self._result(charge)

    def cancel(self, payment: Payment) -> ChargeResult:
        ledger = self.ledger()
        # A key that was never heard of is kept as canceled: a charge still on its way finds it taken.
        before = ledger.insert(Charge(payment.key, 0, "", "canceled", ""))
        # What was captured in part stays captured; the rest is let go.
        ended = ledger.advance(payment.key, "captured" if before.captured else "canceled", before=before.status)
        if before.status == "authorized":
            return ChargeResult("canceled", payment.key, captured=before.captured)
        return _result(ended or before)

    def capture(self, payment: Payment, amount: int, key: str, *, final: bool) -> CaptureResult:
        ledger = self.ledger()
        succeeded = ledger.capture(payment.key, amount, key, final=final)
        charge = ledger.find(payment.key)
        left = charge.amount - charge.captured if charge is not None and charge.status == "authorized" else 0
        return CaptureResult(succeeded, key, "" if succeeded else "amount_too_large", left)

    def refund(self, payment: Payment, amount: int, key: str) -> RefundResult:
        succeeded = self.ledger().refund(payment.key, amount, key)
        return RefundResult(succeeded, key, "" if succeeded else "amount_too_large")

    def webhook(self, _account: Account, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        return [read_message(self.ledger().webhook_secret(), headers, body)]

    def captured(self, key_prefix: str) -> list[int]:
        """Return every captured amount of keys with this beginning, for tests that count charges."""
        return self.ledger().captured(key_prefix)

    @property
    def browser_module(self) -> Path | None:
        return Path(__file__).parent / "test_gateway.js"

    def page_part(self, _payment: Payment, _capture: Capture) -> BrowserPart | None:
        return BrowserPart(express=True)

    @property
    def keeps_methods(self) -> bool:
        return True

    def new_customer(self, _account: Account, key: str, _email: str) -> str:
        return f"tc_{key}"

    def forget_method(self, _account: Account, method: KeptMethod) -> None:
        self.ledger().forget_method(method.reference)

    def _result(self, charge: Charge) -> ChargeResult:
        result, kept = _result(charge), self.ledger().method_of(charge.key)
        if kept is None or result.status not in {"captured", "authorized"}:
            return result
        return replace(result, kept=KeptMethod(*kept, LABEL))

    @staticmethod
    def ledger() -> Ledger:
        return Ledger(data_folder("test_gateway") / "charges.sqlite")


def _result(charge: Charge) -> ChargeResult:
    waits = charge.status.startswith("requires_action")
    return ChargeResult(
        "requires_action" if waits else charge.status,  # type: ignore[arg-type]
        provider_reference=charge.key,
        provider_status=charge.status,
        error_code="" if charge.error_code == RISKY else charge.error_code,
        risk=Risk("high", "The test gateway finds this card odd.") if charge.error_code == RISKY else None,
        action=_ACTION if waits else {},
        captured=charge.captured,
        refunded=charge.refunded,
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
