"""Between the phases: act on a provider's answer, with no transaction open while it is asked."""

from __future__ import annotations

import structlog

from souk.checkout.finalize import Surplus, abandon, finalize, reopen
from souk.checkout.prepare import Completion
from souk.checkout.queries import lock_checkout
from souk.inventory.errors import OutOfStock
from souk.kernel.db import DatabaseBusy, refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.payments.attempts import attempt, close_attempt, payment_of
from souk.payments.errors import ProviderUnreachable, declined
from souk.payments.provider import PaymentProvider, installed
from souk.payments.transactions import record, record_charge
from souk.payments.values import SECURED, ChargeResult, Payment

BUSY_RETRIES = 2

log = structlog.get_logger(__name__)


def conclude(scope: Scope, session_id: int, result: ChargeResult) -> Completion:
    """Bring an attempt to the end that the provider's answer means.

    Raises:
        PaymentDeclined: the checkout is open again and holds nothing.
        OutOfStock, Surplus: the money went back.

    """
    if result.status in SECURED:
        return _finish(scope, session_id, result)
    if result.status in {"requires_action", "pending"}:
        with transaction(scope) as session:
            current = attempt(session, session_id)
            if current.status in {"pending", "requires_action"}:
                close_attempt(session, session_id, result)
        return Completion(action=result.action)
    with transaction(scope) as session:
        abandon(session, session_id, result)
    raise declined(result.error_code or result.status, result.message)


def _finish(scope: Scope, session_id: int, result: ChargeResult) -> Completion:
    try:
        return _finalize(scope, session_id, result)
    except (OutOfStock, Surplus):
        give_back(scope, session_id, result)
        raise


def _finalize(scope: Scope, session_id: int, result: ChargeResult) -> Completion:
    # The buyer has paid: a crowd at one row is no reason to leave them to the sweep.
    for _ in range(BUSY_RETRIES):
        try:
            with transaction(scope, configured=True) as session:
                return finalize(session, session_id, result)
        except DatabaseBusy:
            log.warning("finalize_waits", session_id=session_id)
    with transaction(scope, configured=True) as session:
        return finalize(session, session_id, result)


def give_back(scope: Scope, session_id: int, result: ChargeResult) -> None:
    """Return money that no order can take; repeated after a crash it moves nothing twice."""
    with transaction(scope) as session:
        paid = attempt(session, session_id)
        payment = payment_of(session, paid)
    provider, key = installed(paid.provider), f"{paid.idempotency_key}-return"
    refuse_inside_transaction(paid.provider)
    if result.status == "captured" and paid.amount:
        moved = provider.refund(payment, paid.amount, key)
        if not moved.succeeded:
            log.error("surplus_refund_refused", session_id=session_id, error_code=moved.error_code)
            raise ProviderUnreachable(paid.provider)
    else:
        provider.cancel(payment)
    with transaction(scope) as session:
        locked = attempt(session, session_id)
        checkout = lock_checkout(session, locked.checkout_id)
        record_charge(session, locked, result)
        kind = "refund" if result.status == "captured" else "void"
        record(session, locked, kind, "success", idempotency_key=key)
        close_attempt(session, session_id, ChargeResult("canceled", result.provider_reference, "returned"))
        reopen(session, checkout)


def ask(provider: PaymentProvider, payment: Payment, *, give_up: bool) -> ChargeResult:
    """Return how a charge stands; with `give_up` an undecided one is ended for good."""
    refuse_inside_transaction(provider.name)
    result = provider.status(payment)
    if result is not None and (not give_up or result.status not in {"pending", "requires_action"}):
        return result
    # Also for a charge that the provider never heard of: it may still be on its way.
    return provider.cancel(payment)
