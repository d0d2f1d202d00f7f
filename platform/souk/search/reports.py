"""What the merchant reads about search: queries without results, without clicks, and what was asked before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Date, Integer, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.search.models import SearchCount, SearchRule, SearchRun
from souk.search.terms import terms_key

Report = Literal["popular", "without_results", "without_clicks"]
MOST_ROWS = 100
# A query becomes a suggestion for others when it was asked so often, and mostly found something.
COMMON = 3
_SUMMED = (SearchCount.searches, SearchCount.without_results, SearchCount.clicks)


@dataclass(frozen=True, slots=True)
class QueryUse:
    terms: str
    searches: int
    without_results: int
    clicks: int


def query_report(session: Session, report: Report, days: int = 30) -> list[QueryUse]:
    """Return at most 100 queries of the last days, the most frequent first."""
    searches, empty, clicks = (func.sum(column) for column in _SUMMED)
    conditions = {
        "popular": searches > 0,
        "without_results": empty > 0,
        # A query that was answered and that nobody followed; one that a rule leads to a page was followed each time.
        "without_clicks": (clicks == 0) & (searches > empty) & ~_led_on(),
    }
    first = empty if report == "without_results" else searches
    query = _grouped(days).having(conditions[report]).order_by(first.desc(), SearchCount.terms)
    return [QueryUse(row[0], *map(int, row[1:])) for row in session.execute(query.limit(MOST_ROWS))]


def _led_on() -> ColumnElement[bool]:
    led = exists().where(SearchRule.terms == SearchCount.terms, SearchRule.redirect != "")
    return led.correlate(SearchCount)


def _grouped(days: int) -> Select[Any]:
    since = (clock.now() - timedelta(days=days)).date()
    columns: list[Any] = [SearchCount.terms, *(func.sum(column) for column in _SUMMED)]
    return select(*columns).where(SearchCount.day > since).group_by(SearchCount.terms)


def past_queries() -> Select[str]:
    """Return the statement for what others asked with success that begins so, as `terms`, the most frequent first.

    Its parameters are those of `past_terms`, and `most`.
    """
    summed = func.sum(SearchCount.searches)
    return (
        select(SearchCount.terms)
        .where(
            SearchCount.day > bindparam("since", type_=Date),
            SearchCount.terms.like(bindparam("begins")),
            SearchCount.terms != bindparam("typed"),
        )
        .group_by(SearchCount.terms)
        .having((summed >= COMMON) & (func.sum(SearchCount.without_results) * 2 < summed))
        .order_by(summed.desc(), SearchCount.terms)
        .limit(bindparam("most", type_=Integer))
    )


def past_terms(text: str, days: int = 30) -> dict[str, Any]:
    """Return the parameters of `past_queries` for what was typed; a text without a word begins nothing."""
    typed = terms_key(text)
    # A key of terms has no sign that LIKE would read, and none is empty.
    return {
        "typed": typed,
        "begins": f"{typed}%" if typed else "",
        "since": (clock.now() - timedelta(days=days)).date(),
    }


def last_runs(session: Session, limit: int = 10) -> list[SearchRun]:
    """Return the newest rebuilds and comparisons."""
    return list(session.scalars(select(SearchRun).order_by(SearchRun.id.desc()).limit(limit)))
