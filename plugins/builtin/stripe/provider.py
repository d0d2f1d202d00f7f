"""Stripe as a payment provider: Payment Intents on our page, or a Checkout Session on theirs."""

from __future__ import annotations

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
    Dispute,
    KeptMethod,
    Notice,
    Payment,
    ProviderBase,
    ProviderConnection,
    RefundResult,
)
from plugins.builtin.stripe import browser, captures, disputes, intents, messages, methods, refunds, sessions
from plugins.builtin.stripe.connection import StripeConnection

NO_MONEY = ChargeResult("canceled", captured=0, refunded=0)


class Stripe(ProviderBase):
    """No reference means that nobody was ever asked to pay: an intent is stored before it is confirmed."""

    name = "stripe"
    title = "Card and more"
    method_type = "stripe"

    def initialize(self, request: ChargeRequest) -> str:
        on_our_page = bool(request.method.get("token") or request.saved)
        return intents.create(request) if on_our_page else sessions.create(request)

    def charge(self, request: ChargeRequest) -> ChargeResult:
        return sessions.read(request.payment) if _hosted(request.payment) else intents.confirm(request)

    def status(self, payment: Payment) -> ChargeResult | None:
        if not payment.reference:
            return None
        return sessions.read(payment) if _hosted(payment) else intents.read(payment)

    def cancel(self, payment: Payment) -> ChargeResult:
        if not payment.reference:
            return NO_MONEY
        if not _hosted(payment):
            return intents.cancel(payment)
        return sessions.cancel(payment) or replace(intents.cancel(_paid(payment)), provider_reference=payment.reference)

    def capture(self, payment: Payment, amount: int, key: str, *, final: bool) -> CaptureResult:
        return captures.capture(_paid(payment), amount, key, final=final)

    def refund(self, payment: Payment, amount: int, key: str) -> RefundResult:
        return refunds.refund(_paid(payment), amount, key)

    def disputes(self, payment: Payment) -> Sequence[Dispute]:
        return disputes.disputes_of(_paid(payment)) if payment.reference else ()

    def webhook(self, account: Account, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        return messages.read_message(account, headers, body)

    @property
    def browser_module(self) -> Path | None:
        return browser.MODULE

    def page_part(self, payment: Payment, capture: Capture) -> BrowserPart | None:
        return browser.page_part(payment, capture)

    def step_part(self, payment: Payment) -> BrowserPart | None:
        return browser.step_part(payment)

    def connection(self) -> ProviderConnection | None:
        return StripeConnection()

    @property
    def keeps_methods(self) -> bool:
        return True

    def new_customer(self, account: Account, key: str, email: str) -> str:
        return methods.new_customer(account, key, email)

    def forget_method(self, account: Account, method: KeptMethod) -> None:
        methods.forget(account, method)

    def confirm(self, payment: Payment, _answer: Mapping[str, Any]) -> ChargeResult:
        """Ask again: the buyer did their step with Stripe itself. What is open still waits for them."""
        return self.status(payment) or self.cancel(payment)


def _hosted(payment: Payment) -> bool:
    return payment.reference.startswith(sessions.PREFIX)


def _paid(payment: Payment) -> Payment:
    """Return the payment under its intent's id, which captures and refunds need."""
    if not _hosted(payment):
        return payment
    intent = sessions.fetch(payment).payment_intent
    return replace(payment, reference=str(intent.id) if intent is not None else "")
