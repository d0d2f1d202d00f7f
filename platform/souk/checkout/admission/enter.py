"""Take a place in a queue, or learn how it stands. Everything is in the database: a flushed Redis moves nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, insert, literal, or_, select, text, update
from sqlalchemy.orm import Session

from souk.checkout.admission.models import AdmissionTicket
from souk.checkout.admission.policy import Gate
from souk.checkout.models import Checkout
from souk.kernel import clock
from souk.kernel.db import scope_of

# The page looks every few seconds; who has not looked for so long has closed it.
PRESENT = timedelta(seconds=45)
# A look writes only when the last one was noted longer ago.
NOTED_EVERY = timedelta(seconds=15)
_TICKET = AdmissionTicket
# Two looks at once must not both see the last free place.
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@dataclass(frozen=True, slots=True)
class Standing:
    """`number` is the ticket's; `ahead` counts those who wait and came before."""

    number: int
    admitted: bool
    ahead: int = 0


def enter(session: Session, gate: Gate, number: int | None) -> Standing:
    """Return how the ticket stands, or the new one of a buyer without a place in this queue."""
    now = clock.now()
    row = _own(session, gate, number, now) or _draw(session, gate, now)
    if row.status == "admitted":
        return Standing(row.id, admitted=True)
    if row.seen_at < now - NOTED_EVERY:
        session.execute(update(_TICKET).where(_TICKET.id == row.id).values(seen_at=now))
    if _inside(session, gate, now) < gate.limit and row.id in _admit(session, gate, now):
        return Standing(row.id, admitted=True)
    return Standing(row.id, admitted=False, ahead=_ahead(session, gate, row.id, now))


def _own(session: Session, gate: Gate, number: int | None, now: datetime) -> Any:
    """Return a ticket that still counts: one whose time inside is over, or that bought, begins anew."""
    if number is None:
        return None
    counts = or_(_TICKET.status == "waiting", and_(_TICKET.expires_at > now, ~_bought()))
    found = select(_TICKET.id, _TICKET.status, _TICKET.seen_at).where(
        _TICKET.id == number, _TICKET.queue == gate.queue, counts
    )
    return session.execute(found).first()


def _draw(session: Session, gate: Gate, now: datetime) -> Any:
    made = insert(_TICKET).values(queue=gate.queue, seen_at=now, created_at=now)
    return session.execute(made.returning(_TICKET.id, _TICKET.status, _TICKET.seen_at)).one()


def _bought() -> Any:
    return exists().where(Checkout.id == _TICKET.checkout_id, Checkout.status == "completed")


def _inside(session: Session, gate: Gate, now: datetime) -> int:
    inside = (_TICKET.queue == gate.queue, _TICKET.status == "admitted", _TICKET.expires_at > now)
    return session.execute(select(func.count(_TICKET.id)).where(*inside, ~_bought())).scalar_one()


def _admit(session: Session, gate: Gate, now: datetime) -> set[int]:
    """Let in as many as there is room for, those who came first and are still there."""
    session.execute(_LOCK, {"name": f"admission:{scope_of(session).tenant_id}:{gate.queue}"})
    room = gate.limit - _inside(session, gate, now)
    if room <= 0:
        return set()
    next_ones = (
        select(_TICKET.id)
        .where(_TICKET.queue == gate.queue, _TICKET.status == "waiting", _TICKET.seen_at > now - PRESENT)
        .order_by(_TICKET.id)
        .limit(room)
    )
    let_in = update(_TICKET).where(_TICKET.id.in_(next_ones), _TICKET.status == "waiting")
    admitted = let_in.values(status="admitted", expires_at=now + gate.stay).returning(_TICKET.id)
    return set(session.execute(admitted).scalars())


def _ahead(session: Session, gate: Gate, number: int, now: datetime) -> int:
    before = (_TICKET.queue == gate.queue, _TICKET.status == "waiting", _TICKET.id < literal(number))
    return session.execute(select(func.count(_TICKET.id)).where(*before, _TICKET.seen_at > now - PRESENT)).scalar_one()
