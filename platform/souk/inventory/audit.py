"""Compute every counter anew from what it stands for, and compare: ledger, reservations, units, transfers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_CHECK = """
SELECT l.id, l.variant_id, l.location_id, l.on_hand, l.committed, l.reserved, l.incoming,
       m.on_hand AS expected_on_hand, m.committed - u.sold AS expected_committed,
       r.held + u.free + u.sold AS expected_reserved, t.incoming AS expected_incoming
FROM inventory_levels l
CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity) FILTER (WHERE kind IN ('received', 'adjusted', 'shipped')), 0)::bigint AS on_hand,
         coalesce(sum(quantity) FILTER (WHERE kind IN ('allocated', 'released', 'shipped')), 0)::bigint AS committed
  FROM inventory_movements WHERE level_id = l.id
) m
CROSS JOIN LATERAL (
  SELECT coalesce(sum(quantity), 0)::bigint AS held
  FROM inventory_reservations WHERE level_id = l.id AND status = 'open'
) r
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE u.reservation_id IS NULL) AS free,
         count(*) FILTER (WHERE a.status = 'allocated') AS sold
  FROM inventory_units u LEFT JOIN inventory_reservations a ON a.id = u.reservation_id
  WHERE u.level_id = l.id
) u
CROSS JOIN LATERAL (
  SELECT coalesce(sum(i.quantity - i.received), 0)::bigint AS incoming
  FROM inventory_transfer_lines i
  JOIN inventory_transfers f ON f.id = i.transfer_id AND f.status = 'in_transit'
  WHERE i.variant_id = l.variant_id AND f.destination_id = l.location_id
) t
WHERE (l.on_hand, l.committed, l.reserved, l.incoming)
  IS DISTINCT FROM (m.on_hand, m.committed - u.sold, r.held + u.free + u.sold, t.incoming)
"""
_ALL = text(f"{_CHECK} ORDER BY l.id")
_SOME = text(f"{_CHECK} AND l.id > :after AND l.id <= :last ORDER BY l.id")
_STEPS = text(
    "SELECT max(id) AS last, count(*) AS levels FROM"
    " (SELECT id, (row_number() OVER (ORDER BY id) - 1) / :size AS step FROM inventory_levels) numbered"
    " GROUP BY step ORDER BY step"
)
_ONE = text(f"{_CHECK} AND l.id = :level_id")
_LOCK = text("SELECT id FROM inventory_levels WHERE id = :level_id FOR NO KEY UPDATE")
# What the books promise beyond the shelf is a debt from now on: sales may not add to it.
_WRITE = text("""
UPDATE inventory_levels
SET on_hand = :on_hand, committed = :committed, reserved = :reserved, incoming = :incoming, version = version + 1,
    debt = greatest(debt, :committed + :reserved - :on_hand - CASE WHEN oversellable THEN coalesce(oversell_limit, 0)
                                                                   ELSE 0 END)
WHERE id = :level_id
""")


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A level's counters beside what its ledger, reservations, units and transfers add up to."""

    level_id: int
    variant_id: int
    location_id: int
    on_hand: int
    committed: int
    reserved: int
    incoming: int
    expected_on_hand: int
    expected_committed: int
    expected_reserved: int
    expected_incoming: int


def audit(session: Session) -> list[Discrepancy]:
    """Return every level that differs; empty in a sound shop, also while it sells."""
    return [Discrepancy(*row) for row in session.execute(_ALL)]


def audit_steps(session: Session, size: int) -> list[tuple[int, int]]:
    """Return (last level id, number of levels) of each step of `size` levels, for `audit_step`."""
    return [(row.last, row.levels) for row in session.execute(_STEPS, {"size": size})]


def audit_step(session: Session, after: int, last: int) -> list[Discrepancy]:
    """Return those that differ among the levels with ids above `after` and up to `last`."""
    return [Discrepancy(*row) for row in session.execute(_SOME, {"after": after, "last": last})]


def mend(session: Session, level_id: int) -> Discrepancy | None:
    """Bring one level to what it stands for, and return how it differed; None where it was right.

    Work that is under way waits, and adds its change to the mended numbers.
    """
    session.execute(_LOCK, {"level_id": level_id})
    row = session.execute(_ONE, {"level_id": level_id}).first()
    if row is None:
        return None
    found = Discrepancy(*row)
    values = {
        "level_id": level_id,
        "on_hand": found.expected_on_hand,
        "committed": found.expected_committed,
        "reserved": found.expected_reserved,
        "incoming": found.expected_incoming,
    }
    session.execute(_WRITE, values)
    return found
