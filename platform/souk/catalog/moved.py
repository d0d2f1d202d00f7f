"""Keep old addresses alive: what was renamed is found under its old name."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.tables import redirects


def lead_on(session: Session, old: str, new: str) -> None:
    """Let the path `old` lead to the path `new`, and what led to `old` as well.

    No chain grows by a second renaming, and no circle when the first name comes back.
    """
    if old == new:
        return
    session.execute(delete(redirects).where(redirects.c.path == new))
    session.execute(update(redirects).where(redirects.c.target == old).values(target=new))
    row = insert(redirects).values(path=old, target=new)
    session.execute(row.on_conflict_do_update(index_elements=[redirects.c.path], set_={"target": new}))
