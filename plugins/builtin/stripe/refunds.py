"""Give money back. A refund is found again by its key among the payment's refunds, however old it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import stripe

from plugins.api import Payment, RefundResult
from plugins.builtin.stripe.amounts import THREE_DECIMAL, from_stripe, part_of, to_stripe
from plugins.builtin.stripe.client import answered, client_for, code_of, words_of
from plugins.builtin.stripe.keys import keys_of

# More than Stripe's own limit of refunds that make sense for one payment; one page.
MOST = 100
_ENDED_BADLY = frozenset({"failed", "canceled"})


def refund(payment: Payment, amount: int, key: str) -> RefundResult:
    """Give `amount` back, once for each key; a known key tells how that refund stands now."""
    earlier = of_payment(payment)
    known = next((one for one in earlier if words_of(one).get("souk_key") == key), None)
    if known is not None:
        return _result(known)
    keys = keys_of(payment.account)
    params: dict[str, Any] = {
        "payment_intent": payment.reference,
        "amount": _theirs(payment, amount, earlier),
        "metadata": {"souk_key": key, "souk_tenant": str(payment.account.tenant_id), "souk_amount": str(amount)},
    }
    if keys.account and keys.fee_basis_points:
        # The platform gives its share of what goes back, too.
        params["refund_application_fee"] = True
    try:
        with answered():
            return _result(client_for(keys).refunds.create(params, {"idempotency_key": key}))
    except stripe.StripeError as refused:
        return RefundResult(succeeded=False, error_code=code_of(refused))


def of_payment(payment: Payment) -> Sequence[Any]:
    """Return the refunds of a payment, newest first."""
    refunds = client_for(keys_of(payment.account)).refunds
    with answered():
        found = refunds.list({"payment_intent": payment.reference, "limit": MOST})
    return list(found.data)


def refunded_of(intent: Any, payment: Payment) -> int:
    """Return what went back of an intent, in our minor units."""
    charge = intent.latest_charge
    theirs = getattr(charge, "amount_refunded", 0) or 0
    if theirs and payment.currency in THREE_DECIMAL:
        known = replace(payment, reference=intent.id)
        return sum(_ours(one, payment) for one in of_payment(known) if one.status not in _ENDED_BADLY)
    return part_of(theirs, payment)


def _ours(refund: Any, payment: Payment) -> int:
    told = words_of(refund).get("souk_amount")
    return int(told) if told else from_stripe(refund.amount, payment.currency)


def _theirs(payment: Payment, amount: int, earlier: Sequence[Any]) -> int:
    """Return Stripe's amount so that all refunds together are rounded once and never exceed the charge."""
    moved = [one for one in earlier if one.status not in _ENDED_BADLY]
    before = sum(_ours(one, payment) for one in moved)
    given: int = sum(one.amount for one in moved)
    return to_stripe(before + amount, payment.currency) - given


def _result(refund: Any) -> RefundResult:
    if refund.status in _ENDED_BADLY:
        return RefundResult(False, refund.id, str(refund.failure_reason or refund.status))
    return RefundResult(refund.status == "succeeded", refund.id, pending=refund.status != "succeeded")
