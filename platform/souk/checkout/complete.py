"""Pay a checkout: prepare, charge outside any transaction, finalize."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from souk.checkout.admission.errors import AdmissionRequired
from souk.checkout.changes import UNCHANGED, Changes
from souk.checkout.conclude import ask, conclude
from souk.checkout.errors import PriceChanged, RequirementsNotMet
from souk.checkout.finalize import Surplus, abandon
from souk.checkout.prepare import Attempt, Completion, Unsettled, prepare
from souk.checkout.queries import checkout_by_token, order_of
from souk.checkout.saved import with_customer
from souk.checkout.settle import settle
from souk.checkout.update import update_checkout
from souk.discounts.errors import DiscountUsedUp
from souk.inventory.errors import OutOfStock
from souk.inventory.release import release_expired
from souk.kernel.answers import answered
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.tenancy import Scope
from souk.payments.attempts import keep_reference, latest_attempt, payment_of
from souk.payments.errors import PaymentNotStarted, PaymentUnknown, ProviderRefused, ProviderUnreachable, declined
from souk.payments.gift_cards.errors import GiftCardSpent
from souk.payments.provider import installed
from souk.payments.values import ChargeRequest, ChargeResult

log = structlog.get_logger(__name__)


def complete_checkout(
    scope: Scope,
    token: str,
    payment_method: Mapping[str, Any],
    shown_total: int | None = None,
    changes: Changes = UNCHANGED,
    *,
    return_url: str = "",
    payer: int | None = None,
) -> Completion:
    """Pay and place the order; it opens its own transactions and must be called outside any.

    `payment_method` is such as {"type": "test", "token": "tok_approved"}; empty takes the provider that the
    checkout names. `shown_total` (minor units) is what the buyer saw; without it the stored total counts.
    `return_url` is our page to which a buyer comes back from one of the provider's. `payer` is the customer who is
    signed in, who alone may pay with a saved method ({"type", "saved": id}) or save one ({"type", ..., "save": True}).
    `changes` are what the buyer told together with the order to pay; they are kept also when that is refused.

    Raises:
        AdmissionRequired, RequirementsNotMet, PriceChanged, OutOfStock, DiscountUsedUp, CheckoutBusy, CheckoutEnded:
            nothing was charged.
        BadEmail, BadAddress, UnknownShippingRate, UnknownPaymentMethod: nothing was charged or kept.
        PaymentDeclined: nothing was charged, nothing is held, the checkout is open again.
        PaymentUnknown: the provider fell silent; the sweep finishes or undoes it.

    """

    def ready() -> Attempt | Completion:
        return _prepare(scope, token, payment_method, shown_total, changes, payer=payer)

    try:
        prepared = answered(scope, ready)
    except Unsettled:
        done = settle(scope, token, give_up=True)
        if done is not None:
            return done
        prepared = answered(scope, ready)
    if isinstance(prepared, Completion):
        return prepared
    attempt = replace(prepared, request=replace(prepared.request, return_url=return_url))
    return _conclude(scope, attempt.session_id, attempt.checkout_id, _charge(scope, attempt))


def resume_checkout(scope: Scope, token: str, answer: Mapping[str, Any] | None = None) -> Completion:
    """Carry on after an extra step or a webhook: ask the provider and act on what it says.

    `answer` is what the buyer chose in a `confirm` action. A checkout that has its order returns it.
    """
    with transaction(scope, read_only=True) as session:
        checkout = checkout_by_token(session, token)
        # The order comes last: whoever ends the attempt beside us writes both in one commit, and with the order read
        # before it and the attempt after it there would be neither.
        attempt = latest_attempt(session, checkout.id)
        payment = payment_of(session, attempt) if attempt is not None else None
        order = order_of(session, checkout.id)
    if order is not None:
        return Completion(*order)
    if attempt is None or payment is None or attempt.status not in {"pending", "requires_action"}:
        return Completion()
    provider = installed(attempt.provider)
    refuse_inside_transaction(provider.name)
    try:
        if answer is not None and attempt.status == "requires_action":
            result: ChargeResult | None = provider.confirm(payment, answer)
        else:
            result = provider.status(payment)
    except ProviderUnreachable:
        raise PaymentUnknown from None
    if result is None:
        return Completion()
    return _conclude(scope, attempt.id, checkout.id, result)


def _prepare(
    scope: Scope, token: str, method: Mapping[str, Any], shown_total: int | None, changes: Changes, *, payer: int | None
) -> Attempt | Completion:
    try:
        with transaction(scope, configured=True) as session:
            return prepare(session, token, method, shown_total, changes, payer=payer)
    except (AdmissionRequired, RequirementsNotMet, PriceChanged, DiscountUsedUp, GiftCardSpent):
        _keep(scope, token, changes)
        raise
    except OutOfStock:
        # What others held for too long is for sale again, also before the sweep comes by.
        with transaction(scope) as session:
            released = release_expired(session)
        _keep(scope, token, changes)
        if not released:
            raise
    with transaction(scope) as session:
        return prepare(session, token, method, shown_total, payer=payer)


def _keep(scope: Scope, token: str, changes: Changes) -> None:
    # The refusal rolled back what was typed; a buyer who comes back tomorrow finds it all the same.
    if changes is not UNCHANGED:
        with transaction(scope) as session:
            update_checkout(session, token, changes)


def _charge(scope: Scope, attempt: Attempt) -> ChargeResult:
    refuse_inside_transaction(attempt.provider.name)
    request = _initialized(scope, attempt)
    try:
        return attempt.provider.charge(request)
    except ProviderUnreachable:
        known = _ask(attempt, request)
    except Exception:  # a provider's own fault, perhaps after the money moved, is an unknown outcome like a lost answer
        log.exception("charge_crashed", provider=attempt.provider.name, session_id=attempt.session_id)
        known = _ask(attempt, request)
    if known.status == "canceled":
        _let_go(scope, attempt, known)
        raise PaymentNotStarted
    return known


def _initialized(scope: Scope, attempt: Attempt) -> ChargeRequest:
    """Make the payment known to the provider and store its reference: a charge that nobody could find must not be."""
    request = with_customer(attempt.provider, attempt.request, attempt.saves)
    try:
        reference = attempt.provider.initialize(request)
    except ProviderRefused as refused:
        log.warning("payment_refused", provider=attempt.provider.name, error_code=refused.error_code)
        known = ChargeResult("failed", error_code=refused.error_code)
        _let_go(scope, attempt, known)
        raise declined(refused.error_code) from None
    except Exception as error:  # nothing can have been charged, whatever went wrong
        if not isinstance(error, ProviderUnreachable):
            log.exception("initialize_crashed", provider=attempt.provider.name, session_id=attempt.session_id)
        _let_go(scope, attempt, ChargeResult("canceled"))
        raise PaymentNotStarted from None
    if not reference:
        return request
    with transaction(scope) as session:
        if not keep_reference(session, attempt.session_id, reference):
            raise PaymentNotStarted
    return replace(request, payment=replace(request.payment, reference=reference))


def _let_go(scope: Scope, attempt: Attempt, result: ChargeResult) -> None:
    with transaction(scope) as session:
        abandon(session, attempt.session_id, result)


def _ask(attempt: Attempt, request: ChargeRequest) -> ChargeResult:
    try:
        return ask(attempt.provider, request.payment, give_up=False)
    except Exception as error:
        if not isinstance(error, ProviderUnreachable):
            log.exception("status_crashed", provider=attempt.provider.name, session_id=attempt.session_id)
        raise PaymentUnknown from None


def _conclude(scope: Scope, session_id: int, checkout_id: int, result: ChargeResult) -> Completion:
    try:
        return conclude(scope, session_id, result)
    except Surplus:
        # Another attempt finished first and this money went back: the order is the answer.
        with transaction(scope, read_only=True) as session:
            order = order_of(session, checkout_id)
        if order is None:
            raise PaymentNotStarted from None
        return Completion(*order)
