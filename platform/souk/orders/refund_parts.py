"""Decide which payments give a refund back."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.orders.models import Refund
from souk.payments.models import PaymentTransaction
from souk.payments.paid_parts import paid_parts
from souk.payments.transactions import CARD_PROVIDERS


def plan_parts(session: Session, order_id: int, amount: int) -> list[dict[str, Any]]:
    """Return [{session_id, amount}] that add up to `amount`, the newest payment first.

    What other refunds have taken or are about to take is left out. The order's row must be locked.
    """
    taken = _taken(session, order_id)
    parts: list[dict[str, Any]] = []
    for paid in paid_parts(session, order_id):
        share = min(amount, max(paid.captured - taken[paid.session_id], 0))
        if share:
            parts.append({"session_id": paid.session_id, "amount": share})
            amount -= share
    return parts


def _taken(session: Session, order_id: int) -> Counter[int | None]:
    taken: Counter[int | None] = Counter()
    planned = select(Refund.parts).where(Refund.order_id == order_id, Refund.status.in_(["pending", "succeeded"]))
    for parts in session.scalars(planned):
        for part in parts:
            taken[part["session_id"]] += part["amount"]
    # Refunds that another system made, or that were granted before parts were written, stand in the transactions only.
    row = PaymentTransaction
    without = select(Refund.id).where(Refund.order_id == order_id, Refund.parts == [])
    moved = select(row.session_id, row.amount).where(
        row.order_id == order_id, row.kind == "refund", row.status == "success",
        row.provider.not_in(CARD_PROVIDERS),
        row.refund_id.is_(None) | row.refund_id.in_(without),
    )  # fmt: skip
    for session_id, amount in session.execute(moved):
        taken[session_id] += amount
    return taken
