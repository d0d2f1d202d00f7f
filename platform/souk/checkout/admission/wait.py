"""How a buyer of some goods stands before the gate that they are sold behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.checkout.admission.enter import Standing, enter
from souk.checkout.admission.guard import is_sold_out, use_ticket
from souk.checkout.admission.policy import read_admission
from souk.checkout.models import Checkout


@dataclass(frozen=True, slots=True)
class Wait:
    """`standing` is None when there is nothing left to wait for."""

    standing: Standing | None

    @property
    def admitted(self) -> bool:
        return self.standing is not None and self.standing.admitted


def wait_for(session: Session, goods: Mapping[int, int], number: int | None) -> Wait | None:
    """Return how the holder of ticket `number` stands, with a new ticket if that one counts no more.

    `goods` are product ids by variant id; None where they are behind no gate.
    """
    admission = read_admission(session)
    gate = admission.gate_for(goods.values()) if admission.on else None
    if gate is None:
        return None
    behind = [variant for variant, product in goods.items() if gate.queue in {"shop", f"product:{product}"}]
    if is_sold_out(session, behind):
        return Wait(None)
    return Wait(enter(session, gate, number))


def bind_ticket(session: Session, wait: Wait, token: str) -> None:
    """Let the ticket stand for the checkout that was begun with it."""
    if wait.standing is not None:
        checkout_id = session.execute(select(Checkout.id).where(Checkout.token == token)).scalar_one()
        use_ticket(session, wait.standing.number, checkout_id)
