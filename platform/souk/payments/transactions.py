"""The insert-only record of money, and what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from souk.kernel import clock
from souk.kernel.write_rows import insert_once
from souk.payments.models import PaymentTransaction
from souk.payments.values import ChargeResult

# The error code of a void that nobody asked for: a bank lets go of an authorization after some days.
EXPIRED = "expired"
# Not a provider that could be asked: their money lies in `gift_cards`.
CARD_PROVIDERS = ("gift_card", "store_credit")

# What a charge's answer means in the record of money.
_KIND: Mapping[str, tuple[str, str]] = {
    "captured": ("sale", "success"),
    "authorized": ("authorization", "success"),
    "deferred": ("sale", "pending"),
    "failed": ("sale", "failure"),
    "canceled": ("void", "success"),
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Minor units of the provider's payment; `cards` and `cards_returned` are of gift cards and credit.

    `voided` is what was let go of an authorization or a promise; `expired`: its time was over.
    """

    authorized: int
    captured: int
    refunded: int
    voided: int
    expired: bool = False
    cards: int = 0
    cards_returned: int = 0
    # What was taken of authorizations; None where everything captured was. An edit may be paid by a sale of its own.
    taken: int | None = None

    @property
    def capturable(self) -> int:
        """What is authorized and waits."""
        taken = self.captured if self.taken is None else self.taken
        return max(self.authorized - taken - self.voided, 0)


def record(session: Session, attempt: Any, kind: str, status: str, **values: Any) -> bool:
    """Write one fact about money; the same fact twice is one row. Returns whether it was new."""
    row = {
        "session_id": attempt.id,
        "kind": kind,
        "status": status,
        "amount": attempt.amount,
        "currency": attempt.currency,
        "provider": attempt.provider,
        "provider_reference": attempt.provider_reference or "",
        "idempotency_key": attempt.idempotency_key,
        "processed_at": clock.now(),
        **values,
    }
    return insert_once(session, PaymentTransaction, row)


def record_charge(session: Session, attempt: Any, result: ChargeResult, order_id: int | None = None) -> None:
    """Write what a charge's answer means; a free order moves no money and leaves no row."""
    if attempt.amount == 0 and result.status == "captured":
        return
    kind, status = _KIND[result.status]
    record(
        session,
        attempt,
        kind,
        status,
        order_id=order_id,
        provider_reference=result.provider_reference,
        error_code=result.error_code,
    )


def sums_of(session: Session, order_id: int) -> Sums:
    """Return the order's money, summed from its successful transactions; a refund that came back counts no more."""
    return _sums(session, PaymentTransaction.order_id == order_id)


def sums_of_payment(session: Session, session_id: int) -> Sums:
    """Return the money of one payment alone: an order may have several, and each provider knows only its own."""
    return _sums(session, PaymentTransaction.session_id == session_id)


def _sums(session: Session, which: ColumnElement[bool]) -> Sums:
    fact, undone = PaymentTransaction, aliased(PaymentTransaction)
    came_back = exists().where(
        undone.idempotency_key == fact.idempotency_key, undone.kind == "refund", undone.status == "failure"
    )
    by_card = fact.provider.in_(CARD_PROVIDERS)
    rows = session.execute(
        select(fact.kind, func.sum(fact.amount), func.bool_or(fact.error_code == EXPIRED), by_card)
        .where(which, fact.status == "success", or_(fact.kind != "refund", ~came_back))
        .group_by(fact.kind, by_card)
    ).all()
    by_kind = {kind: int(amount) for kind, amount, _, card in rows if not card}
    cards = {kind: int(amount) for kind, amount, _, card in rows if card}
    return Sums(
        authorized=by_kind.get("authorization", 0),
        captured=by_kind.get("sale", 0) + by_kind.get("capture", 0),
        refunded=by_kind.get("refund", 0),
        voided=by_kind.get("void", 0),
        expired=any(kind == "void" and expired for kind, _, expired, _card in rows),
        cards=cards.get("sale", 0),
        cards_returned=cards.get("refund", 0),
        taken=by_kind.get("capture", 0),
    )
