"""What the page of a payment's extra step needs from its provider."""

from __future__ import annotations

from dataclasses import dataclass

from souk.checkout.queries import checkout_by_token
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.payments.attempts import latest_attempt, payment_of
from souk.payments.browser import BrowserPart
from souk.payments.errors import PaymentUnknown, ProviderUnreachable
from souk.payments.provider import PaymentProvider, installed


@dataclass(frozen=True, slots=True)
class Step:
    provider: PaymentProvider
    part: BrowserPart


def step_of(scope: Scope, token: str) -> Step | None:
    """Return the script's part of the step that a checkout waits for, None when it waits for none.

    Call it outside any transaction. Raises UnknownCheckout, and PaymentUnknown while the provider is silent.
    """
    with transaction(scope, read_only=True) as session:
        attempt = latest_attempt(session, checkout_by_token(session, token).id)
        payment = payment_of(session, attempt) if attempt is not None else None
    if attempt is None or payment is None or attempt.status != "requires_action":
        return None
    refuse_inside_transaction(attempt.provider)
    provider = installed(attempt.provider)
    try:
        part = provider.step_part(payment)
    except ProviderUnreachable:
        raise PaymentUnknown from None
    return None if part is None else Step(provider, part)
