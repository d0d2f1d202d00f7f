"""Count what is asked: how often, how often in vain, and how often a result was opened. Nobody is remembered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.search.models import SearchCount
from souk.search.terms import terms_key

SHORTEST = 2
LONGEST = 60
# What may be an address, a telephone or a card is a person's and no word of a shop.
_PERSONAL = re.compile(r"@|\d(?:[ ()/.+-]*\d){6,}")


@dataclass(frozen=True, slots=True)
class Count:
    searches: int = 0
    without_results: int = 0
    clicks: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.searches + other.searches,
            self.without_results + other.without_results,
            self.clicks + other.clicks,
        )


def countable(text: str) -> str:
    """Return the form in which a query is counted; empty for what says nothing or may name a person."""
    key = terms_key(text)
    return "" if _PERSONAL.search(text) or not SHORTEST <= len(key) <= LONGEST else key


def add_counts(session: Session, counts: Mapping[tuple[date, str], Count]) -> None:
    """Add to the counts of each day and query."""
    rows = [
        {
            "day": day, "terms": terms, "searches": count.searches, "without_results": count.without_results,
            "clicks": count.clicks,
        }
        # In one order: two processes that add at once must not wait for each other in a circle.
        for (day, terms), count in sorted(counts.items())
    ]  # fmt: skip
    if not rows:
        return
    row = insert(SearchCount)
    added = {
        name: getattr(SearchCount, name) + row.excluded[name] for name in ("searches", "without_results", "clicks")
    }
    statement = row.on_conflict_do_update(index_elements=[SearchCount.day, SearchCount.terms], set_=added)
    session.connection().execute(statement, rows)
