"""One change of the zones at a time."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

# Reading stays possible: quotes for buyers never wait for a merchant.
_LOCK = text("LOCK TABLE shipping_zones IN SHARE ROW EXCLUSIVE MODE")


def lock_zones(session: Session) -> None:
    """Hold all zones until the transaction ends: no constraint sees that two zones take one country."""
    session.execute(_LOCK)
