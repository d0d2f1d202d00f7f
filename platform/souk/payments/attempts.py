"""Write payment attempts: before the provider is asked, and after it answered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Text, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import scope_of
from souk.kernel.statement import Statement
from souk.kernel.write_rows import insert_row
from souk.payments.models import PaymentSession, PaymentTransaction
from souk.payments.provider import account_of
from souk.payments.values import ChargeResult, Payment

_STORED = {"deferred": "authorized"}
# Secrets of a method stay with the provider; these words are enough to tell the buyer how they paid.
_KEPT_OF_METHOD = frozenset({"type", "label"})
_COLUMNS = select(
    PaymentSession.id,
    PaymentSession.checkout_id,
    PaymentSession.provider,
    PaymentSession.status,
    PaymentSession.amount,
    PaymentSession.currency,
    PaymentSession.idempotency_key,
    PaymentSession.provider_reference,
    PaymentSession.action,
)
_LOCK = Statement[Any](_COLUMNS.where(PaymentSession.id == bindparam("id")).with_for_update())
_NEWEST = (
    _COLUMNS.where(PaymentSession.checkout_id == bindparam("checkout_id")).order_by(PaymentSession.id.desc()).limit(1)
)
_LATEST = Statement[Any](_NEWEST)
_LOCK_LATEST = Statement[Any](_NEWEST.with_for_update())
_CLOSE = Statement[Any](
    update(PaymentSession)
    .where(PaymentSession.id == bindparam("session_id"))
    # A lost answer names nothing; what was known before stays.
    .values(
        provider_reference=func.coalesce(bindparam("reference", type_=Text), PaymentSession.provider_reference),
    ),
    columns=("status", "provider_status", "error_code", "action", "updated_at"),
)


def open_attempt(
    session: Session, *, checkout_id: int, provider: str, amount: int, currency: str, method: Mapping[str, Any]
) -> tuple[int, str]:
    """Record that a charge is about to be made; returns its id and the idempotency key for the provider."""
    key = f"souk-{scope_of(session).tenant_id}-{checkout_id}-{secrets.token_hex(8)}"
    row = {
        "checkout_id": checkout_id,
        "provider": provider,
        "amount": amount,
        "currency": currency,
        "idempotency_key": key,
        "method": {name: value for name, value in method.items() if name in _KEPT_OF_METHOD},
        "updated_at": clock.now(),
    }
    return insert_row(session, PaymentSession, row), key


def payment_of(session: Session, attempt: Any) -> Payment:
    """Return a stored attempt as its provider is asked about it."""
    return Payment(
        attempt.idempotency_key,
        attempt.amount,
        attempt.currency,
        attempt.provider_reference or "",
        account_of(session, attempt.provider),
    )


def keep_reference(session: Session, session_id: int, reference: str) -> bool:
    """Store the provider's name of a payment; False when the attempt was ended meanwhile and must not be charged."""
    kept = (
        update(PaymentSession)
        .where(PaymentSession.id == session_id, PaymentSession.status == "pending")
        .values(provider_reference=reference, updated_at=clock.now())
    )
    return session.execute(kept.returning(PaymentSession.id)).first() is not None


def attempt_by_key(session: Session, key: str) -> Any:
    """Return this shop's attempt with our key, None when it has none."""
    return session.execute(_COLUMNS.where(PaymentSession.idempotency_key == key)).first()


def close_attempt(session: Session, session_id: int, result: ChargeResult) -> None:
    """Record how the provider answered."""
    _CLOSE.run(
        session,
        session_id=session_id,
        status=_STORED.get(result.status, result.status),
        reference=result.provider_reference or None,
        provider_status=result.provider_status,
        error_code=result.error_code,
        action=dict(result.action),
        updated_at=clock.now(),
    )


def latest_attempt(session: Session, checkout_id: int, *, lock: bool = False) -> Any:
    """Return the checkout's newest attempt: (id, provider, status, amount, currency, idempotency_key, ...) or None."""
    return (_LOCK_LATEST if lock else _LATEST).first(session, checkout_id=checkout_id)


def attempt(session: Session, session_id: int) -> Any:
    """Return one attempt, its row locked."""
    return _LOCK.one(session, id=session_id)


def paid_attempt(session: Session, checkout_id: int | None) -> Any:
    """Return the attempt that paid the order of this checkout, None when none did."""
    paid = _COLUMNS.where(
        PaymentSession.checkout_id == checkout_id, PaymentSession.status.in_(["captured", "authorized"])
    )
    return session.execute(paid.order_by(PaymentSession.id.desc()).limit(1)).first()


def attempts_of_order(session: Session, order: Any) -> Sequence[Any]:
    """Return every attempt that paid a part of an order (a row with `id` and `checkout_id`), the oldest first.

    The checkout made the first one; what an edit added is paid through a checkout of its own, so that the record of
    money tells which those are.
    """
    others = select(PaymentTransaction.session_id).where(PaymentTransaction.order_id == order.id)
    paid = _COLUMNS.where(
        or_(PaymentSession.checkout_id == order.checkout_id, PaymentSession.id.in_(others)),
        PaymentSession.status.in_(["captured", "authorized"]),
    )
    return session.execute(paid.order_by(PaymentSession.id)).all()
