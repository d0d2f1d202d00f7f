"""Prove that the levels are what the ledger and the reservations say."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

_CHECK = text(
    "SELECT l.id, l.on_hand, l.committed, l.reserved, m.on_hand, m.committed - u.sold, r.held + u.free + u.sold"
    " FROM inventory_levels l"
    " CROSS JOIN LATERAL (SELECT"
    "  COALESCE(sum(quantity) FILTER (WHERE kind IN ('received', 'adjusted', 'shipped')), 0)::bigint AS on_hand,"
    "  COALESCE(sum(quantity) FILTER (WHERE kind IN ('allocated', 'released', 'shipped')), 0)::bigint AS committed"
    "  FROM inventory_movements WHERE level_id = l.id) m"
    " CROSS JOIN LATERAL (SELECT COALESCE(sum(quantity), 0)::bigint AS held"
    "  FROM inventory_reservations WHERE level_id = l.id AND status = 'open') r"
    " CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE u.reservation_id IS NULL) AS free,"
    "  count(*) FILTER (WHERE a.status = 'allocated') AS sold"
    "  FROM inventory_units u LEFT JOIN inventory_reservations a ON a.id = u.reservation_id"
    "  WHERE u.level_id = l.id) u"
    " WHERE (l.on_hand, l.committed, l.reserved)"
    "  IS DISTINCT FROM (m.on_hand, m.committed - u.sold, r.held + u.free + u.sold)"
)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A level's counters beside what its ledger, reservations and units add up to."""

    level_id: int
    on_hand: int
    committed: int
    reserved: int
    expected_on_hand: int
    expected_committed: int
    expected_reserved: int


def audit(session: Session) -> list[Discrepancy]:
    """Return every level that differs; empty in a sound shop."""
    return [Discrepancy(*row) for row in session.execute(_CHECK)]
