"""Disputes of a payment, with the day by which evidence is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from plugins.api import Dispute, Payment
from plugins.builtin.stripe.amounts import from_stripe
from plugins.builtin.stripe.client import answered, client_for
from plugins.builtin.stripe.keys import keys_of


def disputes_of(payment: Payment) -> Sequence[Dispute]:
    service = client_for(keys_of(payment.account)).disputes
    with answered():
        found = service.list({"payment_intent": payment.reference, "limit": 100})
    return [
        Dispute(
            reference=one.id,
            status=one.status,
            reason=one.reason,
            amount=from_stripe(one.amount, one.currency.upper()),
            currency=one.currency.upper(),
            evidence_due_by=_moment(one.evidence_details.due_by),
        )
        for one in found.data
    ]


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
