"""Keep waiting for the units of a return that did not come with the others."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.events import note_event
from souk.orders.models import OrderChange
from souk.orders.returning.queries import came_back, read_return


def await_rest(session: Session, change_id: int, actor: str) -> int | None:
    """Make an approved return of what a closed one still lacks and return its id; None when all of it came.

    New goods of an exchange went out with the first part, so that the rest is a plain return.
    """
    change = read_return(session, change_id)
    came = Counter(came_back(change.content))
    left = []
    for line in change.content["lines"]:
        missing = line["quantity"] - came[line["line_id"]]
        came[line["line_id"]] = max(-missing, 0)
        if missing > 0:
            left.append({**line, "quantity": missing})
    if not left:
        return None
    now, kind = clock.now(), "return" if change.content.get("added") else change.kind
    row = insert(OrderChange).values(
        order_id=change.order_id, kind=kind, status="approved", note=change.note, actor=change.actor, created_at=now,
        updated_at=now, content={"lines": left, "added": []},
    )  # fmt: skip
    rest_id = int(session.execute(row.returning(OrderChange.id)).scalar_one())
    units = sum(line["quantity"] for line in left)
    note_event(session, change.order_id, "return_rest_awaited", actor, return_id=rest_id, quantity=units)
    return rest_id
