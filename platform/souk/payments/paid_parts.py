"""Which payments an order's money came from, and what other systems moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.payments.models import PaymentTransaction
from souk.payments.transactions import CARD_PROVIDERS

EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class PaidPart:
    """What one payment brought in, in minor units; `session_id` is None for money that moved elsewhere."""

    session_id: int | None
    captured: int


def paid_parts(session: Session, order_id: int) -> list[PaidPart]:
    """Return the payments of an order, the newest first: a refund takes from the last one first."""
    row = PaymentTransaction
    taken = (
        select(row.session_id, func.sum(row.amount))
        .where(
            row.order_id == order_id,
            row.status == "success",
            row.kind.in_(["sale", "capture"]),
            # Gift cards get their share back by themselves.
            row.provider.not_in(CARD_PROVIDERS),
        )
        .group_by(row.session_id)
        .order_by(row.session_id.desc().nulls_last())
    )
    return [PaidPart(session_id, int(amount)) for session_id, amount in session.execute(taken)]


def record_external(session: Session, order_id: int, kind: str, key: str, **values: Any) -> None:
    """Write what moved by another way than a provider of ours: cash, a bank transfer, another system."""
    fact = {
        "order_id": order_id,
        "kind": kind,
        "status": "success",
        "provider": EXTERNAL,
        "idempotency_key": key,
        "processed_at": clock.now(),
        **values,
    }
    session.execute(insert(PaymentTransaction).on_conflict_do_nothing(), fact)
