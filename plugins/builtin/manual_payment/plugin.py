"""The order stands, the money comes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.api import ChargeRequest, ChargeResult, PaymentProvider, Plugin, RefundResult, hookimpl


class Manual:
    """Has no outside world: the merchant receives and returns the money by hand."""

    name = "manual_payment"
    title = "Manual payment"
    method_type = "manual"

    def charge(self, request: ChargeRequest) -> ChargeResult:
        return ChargeResult("deferred", request.idempotency_key, "awaiting_payment")

    def status(self, idempotency_key: str) -> ChargeResult | None:
        return ChargeResult("deferred", idempotency_key, "awaiting_payment")

    def confirm(self, idempotency_key: str, _answer: Mapping[str, Any]) -> ChargeResult:
        return ChargeResult("deferred", idempotency_key, "awaiting_payment")

    def cancel(self, idempotency_key: str) -> ChargeResult:
        return ChargeResult("canceled", idempotency_key, "canceled")

    def refund(self, charge_key: str, _amount: int, _currency: str, _idempotency_key: str) -> RefundResult:
        return RefundResult(succeeded=True, provider_reference=charge_key)


class ManualPayment(Plugin):
    id = "manual_payment"
    name = "Manual payment"
    version = "1.0"
    default_enabled = True

    @hookimpl
    def payment_providers(self) -> Sequence[PaymentProvider]:
        return [Manual()]
