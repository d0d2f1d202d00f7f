"""Hold a checkout to its ticket, and tell when waiting is in vain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from souk.checkout.admission.errors import AdmissionRequired
from souk.checkout.admission.models import AdmissionTicket
from souk.checkout.admission.policy import read_admission
from souk.checkout.queries import CheckoutRow
from souk.inventory.availability import availability
from souk.inventory.models import InventoryLevel, InventoryReservation
from souk.kernel import clock


def refuse_unadmitted(session: Session, checkout: CheckoutRow, product_ids: Iterable[int]) -> None:
    """Raise AdmissionRequired for goods behind a gate that this checkout has not come through.

    It costs nothing where no gate is set: settings are read once in each transaction anyway.
    """
    admission = read_admission(session)
    if not admission.on or checkout.terms:
        return
    gate = admission.gate_for(product_ids)
    if gate is None:
        return
    ticket = AdmissionTicket
    holds = exists().where(
        ticket.checkout_id == checkout.id,
        ticket.queue == gate.queue,
        ticket.status == "admitted",
        ticket.expires_at > clock.now(),
    )
    if not session.execute(select(holds)).scalar_one():
        raise AdmissionRequired


def use_ticket(session: Session, number: int, checkout_id: int) -> None:
    """Bind an admitted ticket to the checkout that its buyer began; one ticket opens one checkout at a time."""
    bound = update(AdmissionTicket).where(AdmissionTicket.id == number, AdmissionTicket.status == "admitted")
    session.execute(bound.values(checkout_id=checkout_id))


def is_sold_out(session: Session, variant_ids: Iterable[int]) -> bool:
    """Tell whether nothing of these can be bought, and nobody holds any that might come back."""
    wanted = list(variant_ids)
    if any(units > 0 for units in availability(session, wanted).values()):
        return False
    held = exists().where(
        InventoryReservation.status == "open",
        InventoryReservation.expires_at > clock.now(),
        InventoryReservation.level_id == InventoryLevel.id,
        InventoryLevel.variant_id.in_(wanted),
    )
    return not session.execute(select(held)).scalar_one()


def queue_sizes(session: Session) -> dict[str, tuple[int, int]]:
    """Return queue -> (waiting, inside) as it is now."""
    ticket, now = AdmissionTicket, clock.now()
    recent = ticket.created_at > now.replace(hour=0, minute=0)
    inside = func.count().filter(ticket.status == "admitted", ticket.expires_at > now)
    waiting = func.count().filter(ticket.status == "waiting")
    rows: Any = session.execute(select(ticket.queue, waiting, inside).where(recent).group_by(ticket.queue))
    return {queue: (w, i) for queue, w, i in rows}
