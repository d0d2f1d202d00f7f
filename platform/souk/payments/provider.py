"""Who moves money: the Protocol that a payment provider implements, and those that are installed.

No method runs inside a database transaction. Amounts are minor units of `currency`.
`idempotency_key` is ours: the same key always means the same movement of money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from sqlalchemy.orm import Session

from souk.payments.errors import UnknownPaymentMethod

# deferred: the order stands and the money comes later by another way (cash, bank transfer).
ChargeStatus = Literal["captured", "authorized", "deferred", "requires_action", "pending", "failed", "canceled"]
SECURED = frozenset({"captured", "authorized", "deferred"})


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """`method` is what the buyer's side sent, such as {"type": "test", "token": ...}; never card data."""

    idempotency_key: str
    amount: int
    currency: str
    method: Mapping[str, Any]
    description: str = ""


@dataclass(frozen=True, slots=True)
class ChargeResult:
    """`provider_status` is the provider's own word. `action` says what the buyer must do for `requires_action`:
    {"type": "redirect", "url"} or {"type": "confirm", "title", "choices": [{"value", "title"}]}, whose choice
    comes back through `confirm`.
    """

    status: ChargeStatus
    provider_reference: str = ""
    provider_status: str = ""
    error_code: str = ""
    message: str = ""
    action: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundResult:
    succeeded: bool
    provider_reference: str = ""
    error_code: str = ""


class PaymentProvider(Protocol):
    """Every method may raise ProviderUnreachable when the answer is lost."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def method_type(self) -> str:
        """The `type` of the payment methods that it takes."""

    def charge(self, request: ChargeRequest) -> ChargeResult:
        """Take the money, or say what is missing. A repeated key returns the first charge."""

    def status(self, idempotency_key: str) -> ChargeResult | None:
        """Return how the charge stands, None when no such charge was ever heard of."""

    def confirm(self, idempotency_key: str, answer: Mapping[str, Any]) -> ChargeResult:
        """Carry on after an extra step with what the buyer answered."""

    def cancel(self, idempotency_key: str) -> ChargeResult:
        """End an attempt for good: afterwards no charge under this key can succeed, not even a late first one.

        Returns `canceled`, or `captured` when it was too late.
        """

    def refund(self, charge_key: str, amount: int, currency: str, idempotency_key: str) -> RefundResult:
        """Give money of a charge back. A repeated `idempotency_key` returns the first refund."""


class FreeProvider:
    """Pays what costs nothing, so that a free order takes the same road as every other."""

    name = "free"
    title = "Free"
    method_type = "free"
    _done = ChargeResult("captured", provider_status="free")

    def charge(self, _request: ChargeRequest) -> ChargeResult:
        return self._done

    def status(self, _idempotency_key: str) -> ChargeResult | None:
        return self._done

    def confirm(self, _idempotency_key: str, _answer: Mapping[str, Any]) -> ChargeResult:
        return self._done

    def cancel(self, _idempotency_key: str) -> ChargeResult:
        return self._done

    def refund(self, _charge_key: str, _amount: int, _currency: str, _idempotency_key: str) -> RefundResult:
        return RefundResult(succeeded=True)


IsEnabled = Callable[[Session], bool]
FREE = FreeProvider()

_providers: dict[str, PaymentProvider] = {FREE.name: FREE}
_enabled: dict[str, IsEnabled] = {FREE.name: lambda _session: False}


def install(provider: PaymentProvider, enabled: IsEnabled = lambda _session: True) -> None:
    """Make `provider` known; `enabled` says whether the shop of a session offers it."""
    _providers[provider.name] = provider
    _enabled[provider.name] = enabled


def installed(name: str) -> PaymentProvider:
    """Return the provider of a payment that exists; it serves refunds even where a shop offers it no more."""
    try:
        return _providers[name]
    except KeyError:
        raise UnknownPaymentMethod(name) from None


def offered(session: Session) -> Sequence[PaymentProvider]:
    """Return what the shop lets its buyers choose from."""
    return [provider for name, provider in _providers.items() if _enabled[name](session)]


def offered_for(session: Session, method_type: str) -> PaymentProvider:
    """Return the offered provider that takes methods of this type; raises UnknownPaymentMethod."""
    for provider in offered(session):
        if provider.method_type == method_type:
            return provider
    raise UnknownPaymentMethod(method_type)
