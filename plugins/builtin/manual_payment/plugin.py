"""The order stands, the money comes later."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.api import (
    CaptureResult,
    ChargeRequest,
    ChargeResult,
    Payment,
    PaymentProvider,
    Plugin,
    ProviderBase,
    RefundResult,
    hookimpl,
)


class Manual(ProviderBase):
    """Has no outside world: the merchant receives and returns the money by hand."""

    name = "manual_payment"
    title = "Manual payment"
    method_type = "manual"

    def charge(self, request: ChargeRequest) -> ChargeResult:
        return _awaited(request.payment)

    def status(self, payment: Payment) -> ChargeResult | None:
        return _awaited(payment)

    def cancel(self, payment: Payment) -> ChargeResult:
        return ChargeResult("canceled", payment.key, "canceled")

    def capture(self, payment: Payment, _amount: int, _key: str, *, final: bool) -> CaptureResult:  # noqa: ARG002
        """Refuse: what nobody holds cannot be taken; staff mark the order as paid instead."""
        return CaptureResult(succeeded=False, provider_reference=payment.key, error_code="nothing_authorized")

    def refund(self, payment: Payment, _amount: int, _key: str) -> RefundResult:
        return RefundResult(succeeded=True, provider_reference=payment.key)


def _awaited(payment: Payment) -> ChargeResult:
    return ChargeResult("deferred", payment.key, "awaiting_payment")


class ManualPayment(Plugin):
    id = "manual_payment"
    name = "Manual payment"
    version = "1.0"
    default_enabled = True

    @hookimpl
    def payment_providers(self) -> Sequence[PaymentProvider]:
        return [Manual()]
