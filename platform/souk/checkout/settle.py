"""Bring an attempt that somebody left behind to its end."""

from __future__ import annotations

from souk.checkout.conclude import ask, conclude
from souk.checkout.finalize import Surplus, reopen
from souk.checkout.prepare import Completion
from souk.checkout.queries import checkout_by_token, lock_checkout
from souk.inventory.errors import OutOfStock
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.payments.attempts import latest_attempt, payment_of
from souk.payments.errors import PaymentDeclined, PaymentUnknown, ProviderUnreachable
from souk.payments.provider import installed


def settle(scope: Scope, token: str, *, give_up: bool) -> Completion | None:
    """Ask the provider how the checkout's last attempt stands and act on it.

    Returns the completion when there is an order, or None when the checkout is open again
    or, without `give_up`, still waits for its buyer.
    """
    with transaction(scope) as session:
        checkout = checkout_by_token(session, token)
        attempt = latest_attempt(session, checkout.id)
        if attempt is None or attempt.status not in {"pending", "requires_action"}:
            reopen(session, lock_checkout(session, checkout.id))
            return None
        payment = payment_of(session, attempt)
    try:
        result = ask(installed(attempt.provider), payment, give_up=give_up)
        done = conclude(scope, attempt.id, result)
    except ProviderUnreachable:
        raise PaymentUnknown from None
    except (PaymentDeclined, OutOfStock, Surplus):
        return None
    return done if done.order_id is not None else None
