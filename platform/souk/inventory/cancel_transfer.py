"""What of a transfer has not arrived goes back where it came from."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.change import lock_levels, move_on_hand, open_levels
from souk.inventory.receive_transfer import end_transfer, lock_transfer, open_lines
from souk.inventory.transfer import expect


def cancel_transfer(session: Session, transfer_id: int, *, actor: str) -> None:
    """Expect no more of a transfer; what is left of it stands on the origin's shelf again, where there is one.

    Raises:
        UnknownTransfer, TransferEnded: nothing was changed.

    """
    transfer = lock_transfer(session, transfer_id)
    left = open_lines(session, transfer_id)
    places = [place for place in (transfer.origin_id, transfer.destination_id) if place is not None]
    lock_levels(session, places, left)
    expect(session, transfer.destination_id, {variant_id: -quantity for variant_id, quantity in left.items()})
    if transfer.origin_id is not None:
        cause = Cause(actor=actor, reason="transfer canceled", transfer_id=transfer_id)
        levels = open_levels(session, transfer.origin_id, left)
        for variant_id, quantity in left.items():
            move_on_hand(session, levels[variant_id], quantity, "received", cause)
    end_transfer(session, transfer_id, "canceled")
