"""Find products in two steps: ask the engine while no transaction is open, then check its answer in the database.

The engine is a copy and may be behind; what a shopper may see is decided by the shop's own rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel.db import refuse_inside_transaction
from souk.kernel.tenancy import TenantScope
from souk.search.circuit import Circuit
from souk.search.database import search_database, suggest_titles
from souk.search.documents import is_listed
from souk.search.engine import Facet, SearchEngine, SearchQuery, SearchResults
from souk.search.errors import SearchIndexMissing, SearchUnavailable

DEGRADED = "Search is limited at the moment: it finds exact words only."

T = TypeVar("T")
log = structlog.get_logger(__name__)
_circuit = Circuit()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of product ids that are listed now; `notice` is for the shopper, empty when all is well."""

    ids: tuple[int, ...]
    total: int
    facets: tuple[Facet, ...] = ()
    suggestions: tuple[str, ...] = ()
    notice: str = ""


def ask(
    engine: SearchEngine, scope: TenantScope, query: SearchQuery, circuit: Circuit = _circuit
) -> SearchResults | None:
    """Return the engine's answer, None when it has none; to be called before the transaction is opened."""
    refuse_inside_transaction("The search engine")
    if circuit.is_open:
        return None
    try:
        return engine.search(scope.schema, query)
    except SearchUnavailable as error:
        _note(error, scope, circuit)
        return None


def find(session: Session, query: SearchQuery, answer: SearchResults | None) -> Found:
    """Keep what is listed of the engine's answer, or search the database when there is none."""
    return find_rows(session, query, answer, _listed)[0]


def find_rows(
    session: Session,
    query: SearchQuery,
    answer: SearchResults | None,
    read: Callable[[Session, Sequence[int]], Mapping[int, T]],
) -> tuple[Found, list[T]]:
    """Return the page with its rows: `read` returns those of listed products, and so is the check itself."""
    if answer is None:
        answer, notice = search_database(session, query), DEGRADED
    else:
        notice = ""
    return among(answer, read(session, answer.ids) if answer.ids else {}, notice)


def among(answer: SearchResults, listed: Mapping[int, T], notice: str = "") -> tuple[Found, list[T]]:
    """Return what of an answer is listed, with its rows."""
    ids = tuple(each for each in answer.ids if each in listed)
    total = answer.total - (len(answer.ids) - len(ids))
    return Found(ids, total, answer.facets, answer.suggestions, notice), [listed[id_] for id_ in ids]


def _listed(session: Session, ids: Sequence[int]) -> dict[int, int]:
    return {id_: id_ for id_ in session.scalars(select(Product.id).where(Product.id.in_(ids), is_listed()))}


def ask_completions(
    engine: SearchEngine, scope: TenantScope, text: str, limit: int, circuit: Circuit = _circuit
) -> tuple[str, ...] | None:
    """Return completions of what is being typed, None when the engine has no answer."""
    refuse_inside_transaction("The search engine")
    if circuit.is_open:
        return None
    try:
        return engine.suggest(scope.schema, text, limit)
    except SearchUnavailable as error:
        _note(error, scope, circuit)
        return None


def completions(session: Session, text: str, limit: int, answer: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return the engine's completions, or titles from the database when it has none."""
    return suggest_titles(session, text, limit) if answer is None else answer


def _note(error: SearchUnavailable, scope: TenantScope, circuit: Circuit) -> None:
    # One shop without an index says nothing about the engine that all shops share.
    if not isinstance(error, SearchIndexMissing):
        circuit.trip()
    log.warning("search_degraded", tenant_id=scope.tenant_id, reason=error.detail)
