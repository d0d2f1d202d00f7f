"""Who moves money: the Protocol that a payment provider implements, and those that are installed.

No method runs inside a database transaction, except `page_part` and `connection`, which ask nobody.
Every key is ours: the same key always means the same movement of money, however often it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from souk.kernel.db import scope_of
from souk.payments.browser import BrowserPart
from souk.payments.connection import ProviderConnection
from souk.payments.errors import UnknownPaymentMethod
from souk.payments.free import FREE
from souk.payments.values import (
    Account,
    Capture,
    CaptureResult,
    ChargeRequest,
    ChargeResult,
    Dispute,
    KeptMethod,
    Notice,
    Payment,
    RefundResult,
)


class PaymentProvider(Protocol):
    """Every method may raise ProviderUnreachable when the answer is lost."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def method_type(self) -> str:
        """The `type` of the payment methods that it takes."""

    def initialize(self, request: ChargeRequest) -> str:
        """Make the payment known and return the provider's reference; no money moves.

        The reference is stored before `charge` is called, so that no charge is ever unknown to us. Empty when
        the key alone finds the payment again. Raises ProviderRefused.
        """

    def charge(self, request: ChargeRequest) -> ChargeResult:
        """Take or authorize the money, or say what is missing. A repeated key returns the first charge."""

    def status(self, payment: Payment) -> ChargeResult | None:
        """Return how the charge stands, None when no such charge was ever heard of."""

    def confirm(self, payment: Payment, answer: Mapping[str, Any]) -> ChargeResult:
        """Carry on after an extra step with what the buyer answered."""

    def cancel(self, payment: Payment) -> ChargeResult:
        """End an attempt or void an authorization for good: afterwards nothing can be taken under this key, not even
        by a late first charge.

        Returns `canceled`, or `captured` when it was too late.
        """

    def capture(self, payment: Payment, amount: int, key: str, *, final: bool) -> CaptureResult:
        """Take `amount` of an authorization; with `final` let go of the rest. A repeated `key` returns the first."""

    def refund(self, payment: Payment, amount: int, key: str) -> RefundResult:
        """Give money of a charge back. A repeated `key` moves nothing again and tells how that refund stands now."""

    def disputes(self, payment: Payment) -> Sequence[Dispute]:
        """Return every dispute about the payment as it stands now."""

    def webhook(self, account: Account, headers: Mapping[str, str], body: bytes) -> Sequence[Notice]:
        """Check a message's signature and tell what it is about; `headers` have names in lower case.

        Raises UnknownWebhook, BadSignature.
        """

    @property
    def keeps_methods(self) -> bool:
        """Whether a buyer may have it keep a method for the next time."""

    def new_customer(self, account: Account, key: str, email: str) -> str:
        """Make a buyer known whose methods it is to keep, and return its name for them; a `key` makes one."""

    def forget_method(self, account: Account, method: KeptMethod) -> None:
        """Let go of a method that it keeps; one that it knows no more is none to let go of."""

    @property
    def browser_module(self) -> Path | None:
        """The provider's own ES module for payment pages, None without one. It exports `mount` and `step`."""

    def page_part(self, payment: Payment, capture: Capture) -> BrowserPart | None:
        """Return what a checkout page needs to take this amount, None without a script; it asks nobody."""

    def step_part(self, payment: Payment) -> BrowserPart | None:
        """Return what the page of an extra step needs, None without a script."""

    def connection(self) -> ProviderConnection | None:
        """Return how a merchant connects a shop, None where there is nothing to connect."""


IsEnabled = Callable[[Session], bool]
SettingsOf = Callable[[Session], Mapping[str, Any]]
# Writes over some of the settings of the provider's plugin in the shop of a session.
KeepSettings = Callable[[Session, Mapping[str, Any]], None]

_providers: dict[str, PaymentProvider] = {FREE.name: FREE}
_enabled: dict[str, IsEnabled] = {FREE.name: lambda _session: False}
_settings: dict[str, SettingsOf] = {}
_keep: dict[str, KeepSettings] = {}


def install(
    provider: PaymentProvider,
    enabled: IsEnabled = lambda _session: True,
    settings: SettingsOf = lambda _session: {},
    keep: KeepSettings = lambda _session, _settings: None,
) -> None:
    """Make `provider` known; `enabled` says whether the shop of a session offers it, `settings` what is set there.

    `keep` writes what was learned about the shop's account into those settings.
    """
    _providers[provider.name] = provider
    _enabled[provider.name] = enabled
    _settings[provider.name] = settings
    _keep[provider.name] = keep


def installed(name: str) -> PaymentProvider:
    """Return the provider of a payment that exists; it serves refunds even where a shop offers it no more."""
    try:
        return _providers[name]
    except KeyError:
        raise UnknownPaymentMethod(name) from None


def all_installed() -> Sequence[PaymentProvider]:
    return tuple(_providers.values())


def account_of(session: Session, name: str) -> Account:
    """Return what the provider must know of the session's shop."""
    read = _settings.get(name)
    return Account(scope_of(session).tenant_id, read(session) if read is not None else {})


def keep_learned(session: Session, name: str, learned: Mapping[str, Any]) -> None:
    """Write over the settings of the provider's plugin what its connection has learned."""
    if learned:
        _keep[name](session, learned)


def offered(session: Session) -> Sequence[PaymentProvider]:
    """Return what the shop lets its buyers choose from: what is switched on and could take their money."""
    chosen = [provider for name, provider in _providers.items() if _enabled[name](session)]
    return [provider for provider in chosen if could_be_paid(session, provider)]


def could_be_paid(session: Session, provider: PaymentProvider) -> bool:
    """Whether the shop is connected to the provider, as far as it needs to be, and may take payments there."""
    connection = provider.connection()
    return connection is None or connection.connected(account_of(session, provider.name))


def offered_for(session: Session, method_type: str) -> PaymentProvider:
    """Return the offered provider that takes methods of this type; raises UnknownPaymentMethod."""
    for provider in offered(session):
        if provider.method_type == method_type:
            return provider
    raise UnknownPaymentMethod(method_type)
