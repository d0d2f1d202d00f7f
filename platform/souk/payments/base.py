"""What most providers do in the same way; a provider may derive from it and override."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from souk.payments.browser import BrowserPart
from souk.payments.connection import ProviderConnection
from souk.payments.errors import UnknownWebhook
from souk.payments.values import Account, Capture, ChargeRequest, ChargeResult, Dispute, KeptMethod, Notice, Payment


class ProviderBase:
    """A provider without preparation, webhooks, disputes, connection and scripts of its own."""

    @property
    def browser_module(self) -> Path | None:
        return None

    def initialize(self, _request: ChargeRequest) -> str:
        return ""

    def confirm(self, payment: Payment, _answer: Mapping[str, Any]) -> ChargeResult:
        """Ask again: whatever the buyer did was done with the provider itself."""
        found: ChargeResult | None = self.status(payment)  # type: ignore[attr-defined]
        return found or ChargeResult("canceled")

    def disputes(self, _payment: Payment) -> Sequence[Dispute]:
        return ()

    def webhook(self, _account: Account, _headers: Mapping[str, str], _body: bytes) -> Sequence[Notice]:
        raise UnknownWebhook

    @property
    def keeps_methods(self) -> bool:
        return False

    def new_customer(self, _account: Account, _key: str, _email: str) -> str:
        return ""

    def forget_method(self, _account: Account, _method: KeptMethod) -> None:
        return None

    def page_part(self, _payment: Payment, _capture: Capture) -> BrowserPart | None:
        return None

    def step_part(self, _payment: Payment) -> BrowserPart | None:
        return None

    def connection(self) -> ProviderConnection | None:
        return None
