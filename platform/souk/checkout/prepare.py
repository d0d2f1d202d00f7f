"""The first phase of completion: lock, check, write the attempt, reserve; one transaction, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from souk.checkout.admission.guard import refuse_unadmitted
from souk.checkout.changes import UNCHANGED, Changes, apply_changes
from souk.checkout.draft_terms import held_until
from souk.checkout.errors import CheckoutBusy, CheckoutEnded, PriceChanged, RequirementsNotMet
from souk.checkout.pickup import location_of
from souk.checkout.queries import CheckoutRow, checkout_by_token, order_of
from souk.checkout.read import Assessment
from souk.checkout.saved import Keeping, keeping_of
from souk.checkout.shelf import from_shelf, told_by_line
from souk.checkout.update import write_told
from souk.discounts.redeem import redeem
from souk.inventory.errors import OutOfStock
from souk.inventory.reserve import reserve
from souk.kernel import clock
from souk.orders.draft import Priced
from souk.payments.attempts import latest_attempt, open_attempt
from souk.payments.free import FREE
from souk.payments.gift_cards.errors import GiftCardSpent
from souk.payments.gift_cards.pay import hold
from souk.payments.provider import PaymentProvider, account_of, installed, offered_for
from souk.payments.settings import capture_mode
from souk.payments.values import ChargeRequest, Payment

# Longer than any provider's time-out: a process that is older than this has died.
STALE_AFTER = timedelta(minutes=2)
# How long a buyer may take for an extra step, and how long the stock is held for them: the
# stock must outlast the step, or the money would arrive for goods that were sold again.
ACTION_WINDOW = timedelta(minutes=25)
HOLD = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Completion:
    """Either an order (`order_id`, `order_token`) or an `action` that the buyer must take first."""

    order_id: int | None = None
    order_token: str | None = None
    action: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A charge that may be made now: its row is written and the stock is held."""

    session_id: int
    checkout_id: int
    provider: PaymentProvider
    request: ChargeRequest
    # The customer for whom the provider keeps the method, 0 for nobody.
    saves: int = 0


class Unsettled(Exception):
    """An earlier attempt of this checkout must be brought to its end first."""


def prepare(
    session: Session,
    token: str,
    method: Mapping[str, Any],
    shown_total: int | None,
    changes: Changes = UNCHANGED,
    *,
    payer: int | None = None,
) -> Attempt | Completion:
    """Return the attempt to charge, or the order when the checkout has one already.

    `changes` came with the order to pay and are kept with the attempt. `payer` is the customer who is signed in.

    Raises:
        CheckoutBusy, CheckoutEnded, RequirementsNotMet, AdmissionRequired, PriceChanged, OutOfStock,
        DiscountUsedUp, GiftCardSpent, BadEmail, BadAddress, UnknownShippingRate, UnknownPaymentMethod,
        UnknownSavedMethod: nothing was changed.
        Unsettled: call `settle`, then again.

    """
    before = checkout_by_token(session, token, lock=True)
    order = order_of(session, before.id) if before.status == "completed" else None
    if order is not None:
        return Completion(*order)
    _refuse_unfit(session, before)
    checkout, now = apply_changes(session, before, changes)
    provider = _provider(session, checkout, method)
    _refuse_incomplete(now, paid_by=provider)
    refuse_unadmitted(session, checkout, [line.product_id for line in now.priced.lines])
    _refuse_drift(before, now.priced, shown_total)
    keeping = Keeping() if provider is None else keeping_of(session, checkout, provider, method, payer)
    return _begin(session, checkout, now.priced, provider, method, keeping=keeping)


def _begin(
    session: Session,
    checkout: CheckoutRow,
    priced: Priced,
    provider: PaymentProvider | None,
    method: Mapping[str, Any],
    *,
    keeping: Keeping,
) -> Attempt:
    totals = priced.totals
    payer = provider if provider is not None and priced.due else FREE
    session_id, key = open_attempt(
        session,
        checkout_id=checkout.id,
        provider=payer.name,
        amount=priced.due,
        currency=totals.currency,
        method=method,
    )
    # These amounts are charged and become the order, even when the catalogue changes during the payment.
    write_told(session, checkout, status="completing", completing_at=clock.now(), payment_provider=payer.name)
    # Before the stock, whose rows others wait for most.
    redeem(session, checkout.id, checkout.email, priced.discounts)
    hold(session, checkout.id, session_id, priced.paid_by)
    paying = clock.now() + HOLD
    until = max(held_until(checkout.terms) or paying, paying)
    try:
        reserve(session, checkout.id, from_shelf(priced.lines), until, location_of(priced.shipping_line))
    except OutOfStock as short:
        raise told_by_line(priced.lines, short) from None
    payment = Payment(key, priced.due, totals.currency, account=account_of(session, payer.name))
    request = ChargeRequest(
        payment,
        method,
        capture=capture_mode(session),
        description=f"Checkout {checkout.id}",
        email=checkout.email,
        customer=keeping.customer,
        saved=keeping.reference,
        save=bool(keeping.saves),
    )
    return Attempt(session_id, checkout.id, payer, request, keeping.saves if payer is provider else 0)


def _refuse_unfit(session: Session, checkout: CheckoutRow) -> None:
    if checkout.status == "completing":
        attempt = latest_attempt(session, checkout.id)
        fresh = checkout.completing_at is not None and checkout.completing_at > clock.now() - STALE_AFTER
        if fresh and attempt is not None and attempt.status == "pending":
            raise CheckoutBusy
        raise Unsettled
    if checkout.status != "open" or checkout.cart_completed_at or checkout.expires_at < clock.now():
        raise CheckoutEnded


def _provider(session: Session, checkout: CheckoutRow, method: Mapping[str, Any]) -> PaymentProvider | None:
    if method.get("type"):
        return offered_for(session, str(method["type"]))
    return installed(checkout.payment_provider) if checkout.payment_provider else None


def _refuse_incomplete(now: Assessment, paid_by: PaymentProvider | None) -> None:
    missing = [one.to_json() for one in now.requirements if not (one.code == "payment_missing" and paid_by is not None)]
    if missing:
        raise RequirementsNotMet(missing)


def _refuse_drift(checkout: CheckoutRow, priced: Priced, shown_total: int | None) -> None:
    shown = checkout.totals.get("total") if shown_total is None else shown_total
    if shown is not None and shown != priced.totals.total:
        raise PriceChanged(shown, priced.totals.total, priced.totals.currency)
    promised = sum(part["amount"] for part in checkout.totals.get("paid_by", ()))
    if promised and priced.totals.total - priced.due < promised:
        # Otherwise the rest would be charged without having been shown.
        raise GiftCardSpent
