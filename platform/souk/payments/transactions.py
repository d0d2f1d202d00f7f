"""The insert-only record of money, and what it adds up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.payments.models import PaymentTransaction
from souk.payments.provider import ChargeResult

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
    """Minor units. `voided` says that an authorization or a promise was given back."""

    authorized: int
    captured: int
    refunded: int
    voided: bool


def record(session: Session, attempt: Row[Any], kind: str, status: str, **values: Any) -> None:
    """Write one fact about money; the same fact twice is one row."""
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
    session.execute(insert(PaymentTransaction).on_conflict_do_nothing(), row)


def record_charge(session: Session, attempt: Row[Any], result: ChargeResult, order_id: int | None = None) -> None:
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
    """Return the order's money, summed from its successful transactions."""
    rows = session.execute(
        select(PaymentTransaction.kind, func.sum(PaymentTransaction.amount))
        .where(PaymentTransaction.order_id == order_id, PaymentTransaction.status == "success")
        .group_by(PaymentTransaction.kind)
    )
    by_kind = {kind: int(amount) for kind, amount in rows}
    captured = by_kind.get("sale", 0) + by_kind.get("capture", 0)
    return Sums(by_kind.get("authorization", 0), captured, by_kind.get("refund", 0), "void" in by_kind)
