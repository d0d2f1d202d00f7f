"""Numbers without a gap: those of orders and of each kind of document."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.drift import Drift
from souk.orders.books.errors import NoRepair

_NUMBERS = text("""
SELECT kind, count(*) AS papers, min(number) AS first, max(number) AS last,
       (SELECT next_value FROM number_sequences n WHERE n.name = d.kind) AS next
FROM (SELECT 'order' AS kind, number FROM orders WHERE number > 0
      UNION ALL SELECT kind, number FROM order_documents) d
GROUP BY kind ORDER BY kind
""")


_RAISE = text("UPDATE number_sequences SET next_value = :next WHERE name = :name AND next_value < :next")
KINDS = ("order", "invoice", "credit_note", "packing_slip")


def check_numbers(session: Session) -> Iterator[Drift]:
    """Yield sequences that have a gap, or that would give a number twice."""
    for row in session.execute(_NUMBERS):
        told = f"Numbers of {row.kind}: {row.papers} from {row.first} to {row.last}, the next one is {row.next}"
        if row.next is None or row.next <= row.last:
            advice = "Let the next one come after the last."
            repair = "raise_number" if row.next is not None else ""
            yield Drift("documents", row.kind, KINDS.index(row.kind), f"{told}: used already.", advice, repair)
        elif row.last - row.first + 1 != row.papers or row.next != row.last + 1:
            advice = "Find out what was deleted by hand, and restore it."
            yield Drift("documents", row.kind, KINDS.index(row.kind), f"{told}; there is a gap.", advice)


def raise_number(session: Session, kind: int) -> None:
    """Let the sequence of KINDS[kind] go on after its last number; raises NoRepair for another."""
    if not 0 <= kind < len(KINDS):
        raise NoRepair
    name = KINDS[kind]
    last = next((row.last for row in session.execute(_NUMBERS) if row.kind == name), None)
    if last is not None:
        session.execute(_RAISE, {"next": last + 1, "name": name})
