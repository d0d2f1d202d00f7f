"""Tags, notes and risk notes of an order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.orders.errors import BadRisk
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.payments.values import Risk

MOST_TAGS = 50
TAG_LENGTH = 40
MOST_RISKS = 20
LEVELS = ("low", "medium", "high")


def tag_order(session: Session, order_id: int, tags: Sequence[str], actor: str) -> list[str]:
    """Replace the order's tags, each trimmed and once; raises UnknownOrder."""
    lock_order(session, order_id)
    kept = list(dict.fromkeys(tag.strip()[:TAG_LENGTH] for tag in tags if tag.strip()))[:MOST_TAGS]
    session.execute(update(Order).where(Order.id == order_id).values(tags=kept))
    note_event(session, order_id, "tagged", actor, tags=", ".join(kept))
    publish(session, Event("order.updated", order_id))
    return kept


def add_tags(session: Session, order_id: int, tags: Sequence[str], actor: str) -> list[str]:
    """Give the order these tags beside its own; raises UnknownOrder."""
    return tag_order(session, order_id, [*_tags_of(session, order_id), *tags], actor)


def remove_tags(session: Session, order_id: int, tags: Sequence[str], actor: str) -> list[str]:
    """Take these tags from the order, whatever their capitals; raises UnknownOrder."""
    gone = {tag.strip().lower() for tag in tags}
    return tag_order(session, order_id, [tag for tag in _tags_of(session, order_id) if tag.lower() not in gone], actor)


def _tags_of(session: Session, order_id: int) -> list[str]:
    lock_order(session, order_id)
    tags: list[str] = session.execute(select(Order.tags).where(Order.id == order_id)).scalar_one()
    return tags


def note_on_order(session: Session, order_id: int, text: str, actor: str) -> None:
    """Add what staff want to remember to the timeline; buyers do not see it. Raises UnknownOrder."""
    lock_order(session, order_id)
    if text.strip():
        note_event(session, order_id, "note_added", actor, note=text.strip()[:2_000])


def note_payment_risk(session: Session, order_id: int, provider: str, risk: Risk | None) -> None:
    """Keep what a payment provider finds odd about the order's payment; None is nothing."""
    if risk is not None:
        note_risk(session, order_id, f"provider:{provider}", risk.level, risk.text)


def note_risk(session: Session, order_id: int, source: str, level: str, text: str) -> None:
    """Say what is odd about the order: `source` is a provider or a person, `level` low, medium or high.

    Raises:
        UnknownOrder, BadRisk: nothing was changed.

    """
    lock_order(session, order_id)
    if level not in LEVELS or not text.strip():
        raise BadRisk(LEVELS)
    risk = {"source": source, "level": level, "text": text.strip()[:500], "at": clock.now().isoformat()}
    known = session.execute(select(Order.risks).where(Order.id == order_id)).scalar_one()
    session.execute(update(Order).where(Order.id == order_id).values(risks=[*known, risk][-MOST_RISKS:]))
    note_event(session, order_id, "risk_noted", source, level=level, note=risk["text"])
    publish(session, Event("order.updated", order_id))
