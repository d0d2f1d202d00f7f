"""Bring a refund, what is on record of it and what its providers moved together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.orders.books.errors import NoRepair
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Refund
from souk.orders.reconcile import FOUND
from souk.orders.refund import RefundPart, ask_part, read_refund, record_part, refund_parts
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import attempt, payment_of
from souk.payments.errors import RefundRefused
from souk.payments.gift_cards.give_back import give_back_to_cards
from souk.payments.gift_cards.models import GiftCardTransaction
from souk.payments.models import PaymentSession
from souk.payments.values import RefundResult

_MOVED = text("""
SELECT p.idempotency_key AS key, p.amount FROM payment_transactions p
WHERE p.refund_id = :refund_id AND p.kind = 'refund' AND p.status = 'success' AND NOT EXISTS (
  SELECT 1 FROM payment_transactions u
  WHERE u.idempotency_key = p.idempotency_key AND u.kind = 'refund' AND u.status = 'failure')
""")
_PROMISED = text("""
SELECT p.idempotency_key AS key, p.amount FROM payment_transactions p
WHERE p.session_id = :session_id AND p.kind = 'refund' AND p.status = 'success'
  AND p.idempotency_key NOT LIKE '%-found-refund-%' AND NOT EXISTS (
    SELECT 1 FROM payment_transactions u
    WHERE u.idempotency_key = p.idempotency_key AND u.kind = 'refund' AND u.status = 'failure')
ORDER BY p.id
""")
_RAN_THERE = RefundResult(succeeded=True)


def settle_refund(scope: Scope, refund_id: int, actor: str) -> None:
    """Ask for each part of a refund that is not on record, and let the refund be what moved.

    A refund that failed asks for nothing: what is on record of it decides. Raises NoRepair, ProviderUnreachable.
    """
    with transaction(scope) as session:
        key = session.execute(select(Refund.idempotency_key).where(Refund.id == refund_id)).scalar_one_or_none()
        if key is None:
            raise NoRepair
        refund = read_refund(session, refund_id)
        missing = _missing(session, refund, key) if refund.status == "succeeded" else []
    answers = [(part, _RAN_THERE if FOUND in part.key else ask_part(part)) for part in missing]
    if any(answer.pending for _, answer in answers):
        # The provider has taken it on and will say how it ended.
        return
    with transaction(scope) as session:
        _write(session, refund, answers, actor)


def _missing(session: Session, refund: Any, refund_key: str) -> list[RefundPart]:
    known = {row.key for row in session.execute(_MOVED, {"refund_id": refund.id})}
    parts = refund_parts(session, refund)
    if FOUND in refund_key:
        # It was made at the provider, and stands on record under the refund's own key.
        parts = [replace(part, key=refund_key) for part in parts]
    return [part for part in parts if part.key not in known]


def _write(session: Session, refund: Any, answers: list[tuple[RefundPart, RefundResult]], actor: str) -> None:
    order = lock_order(session, refund.order_id)
    for part, answer in answers:
        record_part(session, refund, part, answer)
    if refund.status == "succeeded" and refund.card_amount and not _cards_moved(session, refund.id):
        give_back_to_cards(session, order.id, refund.id, refund.card_amount, order.currency)
    moved = sum(row.amount for row in session.execute(_MOVED, {"refund_id": refund.id}))
    ended = {"status": "succeeded", "amount": moved} if moved else {"status": "failed", "card_amount": 0}
    session.execute(update(Refund).where(Refund.id == refund.id).values(**ended))
    note_event(session, order.id, "books_repaired", actor, status=refresh_statuses(session, order.id))


def _cards_moved(session: Session, refund_id: int) -> bool:
    own = GiftCardTransaction.reference == f"refund-{refund_id}"
    count = select(func.count()).where(own, GiftCardTransaction.kind == "refunded")
    return bool(session.execute(count).scalar_one())


def repeat_refunds(scope: Scope, session_id: int, _actor: str) -> None:
    """Let a provider pay out what stands as refunded here: each by its key, so that what it has done is not repeated.

    Raises:
        NoRepair: there is no such payment.
        RefundRefused, ProviderUnreachable: what came before is done.

    """
    with transaction(scope) as session:
        if session.execute(select(PaymentSession.id).where(PaymentSession.id == session_id)).first() is None:
            raise NoRepair
        paid = attempt(session, session_id)
        payment = payment_of(session, paid)
        promised = session.execute(_PROMISED, {"session_id": session_id}).all()
    for row in promised:
        answer = ask_part(RefundPart(paid, payment, row.amount, row.key))
        if not answer.succeeded and not answer.pending:
            raise RefundRefused(answer.error_code)
