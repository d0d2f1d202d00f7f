"""What a shopper may mean while typing: two questions to the engine, then one transaction for everything else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.cards import ProductCard
from souk.catalog.models import Collection
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchQuery
from souk.search.find import ask, ask_completions, completions, find_rows
from souk.search.reports import past_queries
from souk.search.terms import terms_key
from souk.web.searching import engine, policy_of
from souk.web.storefront.finding import cards_among

MOST_QUERIES = 4
MOST_COLLECTIONS = 3
MOST_PAGES = 2


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`collections` and `pages` are (title, handle)."""

    products: list[ProductCard]
    collections: list[tuple[str, str]]
    pages: list[tuple[str, str]]
    queries: list[str]


def suggestions(scope: TenantScope, text: str, limit: int) -> Suggestions:
    """Return suggestions for what was typed so far; no transaction may be open."""
    lines = ask_completions(engine(), scope, text, MOST_QUERIES)
    wanted = policy_of(scope).applied(SearchQuery(text=_meant(text, lines), limit=limit))
    answer = ask(engine(), scope, wanted)
    with transaction(scope, read_only=True) as session:
        _, products = find_rows(session, wanted, answer, cards_among)
        asked = past_queries(session, text, MOST_QUERIES)
        typed = completions(session, text, MOST_QUERIES, lines)
        return Suggestions(
            products,
            _titled(session, _collections(), Collection.title, text, MOST_COLLECTIONS),
            _titled(session, _pages(), Page.title, text, MOST_PAGES),
            list(dict.fromkeys([*asked, *typed]))[:MOST_QUERIES],
        )


def _meant(text: str, lines: tuple[str, ...] | None) -> str:
    """Return the likeliest whole words: the last one is still being typed."""
    if not lines or terms_key(text) in lines:
        return text
    return lines[0]


def _collections() -> Select[str, str]:
    return select(Collection.title, Collection.handle).where(Collection.published_at <= clock.now())


def _pages() -> Select[str, str]:
    return select(Page.title, Page.handle).where(Page.published_at <= clock.now(), Page.kind == "page")


def _titled(
    session: Session, query: Select[str, str], title: InstrumentedAttribute[str], text: str, limit: int
) -> list[tuple[str, str]]:
    starts = title.istartswith(text, autoescape=True)
    inside = title.icontains(f" {text}", autoescape=True)
    found = query.where(starts | inside).order_by(starts.desc(), title).limit(limit)
    return [(row[0], row[1]) for row in session.execute(found)]
