"""Numbers without a gap: those of orders and of each kind of document."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from souk.orders.books.drift import Drift

_NUMBERS = text("""
SELECT kind, count(*) AS papers, min(number) AS first, max(number) AS last,
       (SELECT next_value FROM number_sequences n WHERE n.name = d.kind) AS next
FROM (SELECT 'order' AS kind, number FROM orders WHERE number > 0
      UNION ALL SELECT kind, number FROM order_documents) d
GROUP BY kind ORDER BY kind
""")


def check_numbers(session: Session) -> Iterator[Drift]:
    """Yield sequences that have a gap, or that would give a number twice."""
    for row in session.execute(_NUMBERS):
        if row.last - row.first + 1 != row.papers or row.next != row.last + 1:
            told = (
                f"Numbers of {row.kind}: {row.papers} from {row.first} to {row.last}, the next one is {row.next};"
                " there is a gap."
            )
            yield Drift("documents", row.kind, 0, told, "Find out what was deleted by hand, and restore it.")
