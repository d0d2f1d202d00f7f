"""Take authorized money, whole or in parts: the wish is written first, then the provider moves it, then the fact."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.orders.locks import lock_order
from souk.orders.move_capture import Wish, move_capture, pending_captures
from souk.payments.attempts import paid_attempt, payment_of
from souk.payments.errors import CaptureTooLarge, NothingAuthorized
from souk.payments.models import PaymentTransaction
from souk.payments.transactions import record, sums_of


def capture_order(
    scope: Scope, order_id: int, amount: int | None, *, actor: str, idempotency_key: str, final: bool = False
) -> str:
    """Take `amount` (minor units; None: all that is left) of what is authorized; call it outside any transaction.

    `final` lets go of the rest. Returns `succeeded`, or `pending` while the provider is silent and the sweep goes on.
    The same `idempotency_key` moves nothing again.

    Raises:
        UnknownOrder, NothingAuthorized, CaptureTooLarge: nothing was changed.
        CaptureRefused: the provider said no; the refusal is on record.

    """
    with transaction(scope) as session:
        wish = _wish(session, order_id, amount, actor, idempotency_key, final=final)
    return "succeeded" if wish is None else move_capture(scope, wish)


def _wish(
    session: Session, order_id: int, amount: int | None, actor: str, idempotency_key: str, *, final: bool
) -> Wish | None:
    """Return the capture to ask for, None when it was answered before."""
    order = lock_order(session, order_id)
    attempt = paid_attempt(session, order.checkout_id)
    if attempt is None:
        raise NothingAuthorized
    key = f"{attempt.idempotency_key}-capture-{sha256(idempotency_key.encode()).hexdigest()[:24]}"
    known = _known(session, key)
    if any(row.status != "pending" for row in known):
        return None
    payment = payment_of(session, attempt)
    if known:
        return Wish(order_id, attempt, payment, known[0].amount, key, bool(known[0].details["final"]), actor)
    wanted, ends = _amount(session, order, amount)
    record(
        session,
        attempt,
        "capture",
        "pending",
        order_id=order_id,
        amount=wanted,
        idempotency_key=key,
        details={"actor": actor, "final": final or ends},
    )
    return Wish(order_id, attempt, payment, wanted, key, final or ends, actor)


def _known(session: Session, key: str) -> list[Any]:
    rows = select(PaymentTransaction.status, PaymentTransaction.amount, PaymentTransaction.details).where(
        PaymentTransaction.idempotency_key == key, PaymentTransaction.kind == "capture"
    )
    return list(session.execute(rows.order_by(PaymentTransaction.id)))


def _amount(session: Session, order: Any, amount: int | None) -> tuple[int, bool]:
    """Return (what to take, whether nothing is left then)."""
    capturable = sums_of(session, order.id).capturable
    if not capturable:
        raise NothingAuthorized
    left = capturable - pending_captures(session, order.id)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise CaptureTooLarge(wanted, left, order.currency)
    return wanted, wanted == left
