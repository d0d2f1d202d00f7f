"""Pays what costs nothing, so that a free order takes the same road as every other."""

from __future__ import annotations

from souk.payments.base import ProviderBase
from souk.payments.values import CaptureResult, ChargeRequest, ChargeResult, Payment, RefundResult


class FreeProvider(ProviderBase):
    name = "free"
    title = "Free"
    method_type = "free"
    _done = ChargeResult("captured", provider_status="free")

    def charge(self, _request: ChargeRequest) -> ChargeResult:
        return self._done

    def status(self, _payment: Payment) -> ChargeResult | None:
        return self._done

    def cancel(self, _payment: Payment) -> ChargeResult:
        return self._done

    def capture(self, _payment: Payment, _amount: int, _key: str, *, final: bool) -> CaptureResult:  # noqa: ARG002
        return CaptureResult(succeeded=True)

    def refund(self, _payment: Payment, _amount: int, _key: str) -> RefundResult:
        return RefundResult(succeeded=True)


FREE = FreeProvider()
