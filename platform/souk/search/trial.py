"""Run the search tests against an index, live or not yet live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.search.documents import is_listed
from souk.search.engine import Searching, SearchQuery
from souk.search.models import SearchTest
from souk.search.policy import Policy


@dataclass(frozen=True, slots=True)
class Trial:
    """One test with the place at which its product was found, None for not at all."""

    id: int
    terms: str
    product_id: int
    within: int
    title: str
    found_at: int | None = None

    @property
    def passed(self) -> bool:
        return self.found_at is not None and self.found_at <= self.within

    def as_json(self) -> dict[str, Any]:
        return {
            "terms": self.terms,
            "product_id": self.product_id,
            "title": self.title,
            "within": self.within,
            "found_at": self.found_at,
        }


def read_trials(session: Session) -> list[Trial]:
    """Return the tests whose product shoppers may see: no index can show the others."""
    columns = (SearchTest.id, SearchTest.terms, SearchTest.product_id, SearchTest.within, Product.title)
    query = select(*columns).join(Product, Product.id == SearchTest.product_id).where(is_listed())
    return [Trial(*row) for row in session.execute(query.order_by(SearchTest.id))]


def run_trials(search: Searching, policy: Policy, trials: Sequence[Trial]) -> list[Trial]:
    """Return the tests with what was found, under the merchant's rules as a shopper meets them."""
    return [_run(search, policy, trial) for trial in trials]


def _run(search: Searching, policy: Policy, trial: Trial) -> Trial:
    ids = search(policy.applied(SearchQuery(text=trial.terms, limit=max(trial.within, 50)))).ids
    place = ids.index(trial.product_id) + 1 if trial.product_id in ids else None
    return replace(trial, found_at=place)


def note_trials(session: Session, trials: Sequence[Trial]) -> None:
    """Keep what was found beside each test."""
    if not trials:
        return
    statement = update(SearchTest).where(SearchTest.id == bindparam("test"))
    values = [{"test": trial.id, "place": trial.found_at} for trial in trials]
    session.connection().execute(statement.values(found_at=bindparam("place"), checked_at=clock.now()), values)
