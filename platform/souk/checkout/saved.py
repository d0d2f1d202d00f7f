"""Pay with a saved method, or let the provider keep the one that pays now; for the signed-in buyer alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.orm import Session

from souk.checkout.queries import CheckoutRow
from souk.customers.payment_methods import (
    UnknownSavedMethod,
    drop_method,
    keep_method,
    provider_customer_of,
    read_method,
)
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.payments.errors import ProviderRefused, ProviderUnreachable
from souk.payments.provider import PaymentProvider, account_of, installed
from souk.payments.values import ChargeRequest, ChargeResult, KeptMethod

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a charge has to do with saved methods; `saves` is the customer for whom the method is kept, 0 for nobody."""

    reference: str = ""
    customer: str = ""
    saves: int = 0


def keeping_of(
    session: Session, checkout: CheckoutRow, provider: PaymentProvider, method: Mapping[str, Any], payer: int | None
) -> Keeping:
    """Return what `method` ({saved: id} or {save: true}) asks for. `payer` is who is signed in.

    The secret of a checkout's page may have been handed on: it alone opens nobody's saved methods.
    Raises UnknownSavedMethod.
    """
    buyer = payer if payer is not None and payer == checkout.customer_id else None
    if method.get("saved"):
        if buyer is None:
            raise UnknownSavedMethod
        kept = read_method(session, buyer, int(method["saved"]))
        if kept.provider != provider.name:
            raise UnknownSavedMethod
        return Keeping(kept.provider_reference, kept.provider_customer)
    if method.get("save") and buyer is not None and provider.keeps_methods:
        return Keeping(customer=provider_customer_of(session, buyer, provider.name), saves=buyer)
    return Keeping()


def with_customer(provider: PaymentProvider, request: ChargeRequest, saves: int) -> ChargeRequest:
    """Make the buyer known to the provider that is to keep their method; without an answer nothing is kept."""
    if not saves or request.customer:
        return request
    refuse_inside_transaction(provider.name)
    key = f"souk-{request.payment.account.tenant_id}-customer-{saves}"
    try:
        customer = provider.new_customer(request.payment.account, key, request.email)
    except (ProviderUnreachable, ProviderRefused):
        log.warning("customer_not_made_known", provider=provider.name)
        return replace(request, save=False)
    return replace(request, customer=customer)


def keep_paid_method(session: Session, customer_id: int | None, provider: str, result: ChargeResult) -> None:
    """Keep the method of a charge that its buyer wanted to be kept; the provider tells it with the result."""
    kept = result.kept
    if kept is not None and customer_id is not None:
        keep_method(session, customer_id, provider, reference=kept.reference, customer=kept.customer, label=kept.label)


def forget_saved_method(scope: Scope, customer_id: int, method_id: int) -> None:
    """Let the provider let go of a method, then forget it here; opens its own transactions.

    Raises UnknownSavedMethod, ProviderUnreachable: it is still there.
    """
    with transaction(scope, read_only=True) as session:
        method = read_method(session, customer_id, method_id)
        account = account_of(session, method.provider)
    refuse_inside_transaction(method.provider)
    kept = KeptMethod(method.provider_reference, method.provider_customer, method.label)
    installed(method.provider).forget_method(account, kept)
    with transaction(scope) as session:
        drop_method(session, customer_id, method_id)
