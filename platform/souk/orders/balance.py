"""What is owed for an order, from sums: never from the last event."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from souk.orders.models import Order, Refund
from souk.payments.models import PaymentTransaction
from souk.payments.transactions import Sums, sums_of


@dataclass(frozen=True, slots=True)
class Balance:
    """Minor units. `secured` was captured, or is authorized and waits to be. `edits` went, or are about to go, back
    because an edit lowered the total, `edits_moved` of them already. `exchanged` is the value of returned goods that
    paid for others. What was given back for goods or goodwill is owed by nobody.
    """

    total: int
    sums: Sums
    secured: int
    edits: int
    edits_moved: int
    exchanged: int

    @property
    def outstanding(self) -> int:
        """Return what the buyer still owes; below zero, what has to go back because the total fell."""
        owed = self.total - self.exchanged - (self.secured - self.edits)
        # An authorization that is too large is captured in part: nothing goes back.
        return owed if self.sums.captured or self.sums.cards else max(owed, 0)

    @property
    def told(self) -> Sums:
        """Return the sums as the financial status reads them: what an edit took off the total was never paid."""
        sums = self.sums
        captured, refunded = sums.captured - self.edits_moved, sums.refunded - self.edits_moved
        return replace(sums, captured=captured, refunded=refunded)


def balance_of(session: Session, order_id: int) -> Balance:
    """Return what stands open for an order of this shop."""
    total = session.execute(select(Order.total).where(Order.id == order_id)).scalar_one()
    rows = session.execute(
        select(Refund.kind, Refund.status, func.sum(Refund.amount))
        .where(Refund.order_id == order_id, Refund.status.in_(["pending", "succeeded"]))
        .group_by(Refund.kind, Refund.status)
    )
    granted = {(kind, status): int(amount) for kind, status, amount in rows}
    moved = granted.get(("edit", "succeeded"), 0)
    return Balance(
        total=total,
        sums=sums_of(session, order_id),
        secured=_secured(session, order_id),
        edits=moved + granted.get(("edit", "pending"), 0),
        edits_moved=moved,
        exchanged=granted.get(("exchange", "succeeded"), 0),
    )


def _secured(session: Session, order_id: int) -> int:
    """Return what was captured, or is authorized and only waits to be."""
    fact = PaymentTransaction
    rows = session.execute(
        select(fact.kind, func.sum(fact.amount))
        .where(fact.order_id == order_id, fact.status == "success")
        .group_by(fact.kind)
    )
    by_kind = {kind: int(amount) for kind, amount in rows}
    held = by_kind.get("authorization", 0) - by_kind.get("void", 0)
    return by_kind.get("sale", 0) + max(by_kind.get("capture", 0), held)
