"""What a shopper may mean while typing: two questions to the engine, then one transaction for everything else.

It is asked at every letter, so that its statements are built once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, DateTime, Select, Text, bindparam, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Collection
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.db import read_at_any_version
from souk.kernel.localized import texts_of_many
from souk.kernel.statement import Statement
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchQuery
from souk.search.find import ask, ask_completions, completions, find_rows
from souk.search.reports import past_queries, past_terms
from souk.search.terms import terms_key
from souk.web.page_cache.product_rows import ProductRows, product_rows
from souk.web.searching import engine, policy_of
from souk.web.storefront.language import speak_here
from souk.web.storefront.prices import visit_prices

MOST_QUERIES = 4
MOST_COLLECTIONS = 3
MOST_PAGES = 2
_NOW = bindparam("now", type_=DateTime(timezone=True))


@dataclass(frozen=True, slots=True)
class Suggested:
    """`price_min` is the catalogue's, in minor units of the shop's currency; `picture` is a storage key."""

    id: int
    title: str
    handle: str
    price_min: int
    vendor: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Titles are in the language of the visit; `collections` and `pages` are (title, handle).

    `prices`: product -> the visitor's price in minor units of `currency`.
    """

    products: list[Suggested]
    collections: list[tuple[str, str]]
    pages: list[tuple[str, str]]
    queries: list[str]
    prices: Mapping[int, int]
    currency: str


def suggestions(scope: TenantScope, text: str, limit: int) -> Suggestions:
    """Return suggestions for what was typed so far; no transaction may be open."""
    lines = ask_completions(engine(), scope, text, MOST_QUERIES)
    wanted = policy_of(scope).applied(SearchQuery(text=_meant(text, lines), limit=limit))
    answer, rows = ask(engine(), scope, wanted), product_rows(scope)

    def read(session: Session, *, queries: bool = True) -> Suggestions:
        speak_here(session)
        _, products = find_rows(session, wanted, answer, partial(_suggested, rows=rows))
        lined = _lines(session, text, _LINES if queries else _TITLED)
        typed = [title for kind, title, _ in lined if kind == "query"]
        typed += completions(session, text, MOST_QUERIES, lines)
        prices = visit_prices(session, policy_of(scope).shop)
        return Suggestions(
            products,
            [(title, handle) for kind, title, handle in lined if kind == "collection"],
            [(title, handle) for kind, title, handle in lined if kind == "page"],
            # What is typed already needs no line of its own.
            [line for line in dict.fromkeys(typed) if terms_key(line) != terms_key(text)][:MOST_QUERIES],
            prices.least(session, {row.id: row.price_min for row in products}),
            prices.currency,
        )

    return read_at_any_version(scope, read, partial(read, queries=False))


def _meant(text: str, lines: tuple[str, ...] | None) -> str:
    """Return the likeliest whole words: the last one is still being typed."""
    if not lines or terms_key(text) in lines:
        return text
    return lines[0]


def _suggested(session: Session, ids: Sequence[int], rows: ProductRows) -> dict[int, Suggested]:
    texts = texts_of_many(session, "product", ids)
    return {
        id_: Suggested(
            id_, texts.get(id_, {}).get("title", row.title), row.handle, row.price_min, row.vendor, row.picture
        )
        for id_, row in rows.read(session, ids).items()
    }


def _begins(model: type[Collection | Page], kind: str) -> Select[*tuple[Any, ...]]:
    title: InstrumentedAttribute[str] = model.title
    starts = title.ilike(bindparam("starts"), escape="\\")
    inside = title.ilike(bindparam("inside"), escape="\\")
    columns = (literal_column(f"'{kind}'", Text).label("kind"), title.label("title"), model.handle, model.id)
    return select(*columns).where(starts | inside).order_by(starts.desc(), title)


def _asked() -> Select[*tuple[Any, ...]]:
    past = past_queries().subquery()
    return select(
        literal_column("'query'", Text), past.c.terms, literal_column("''", Text), literal_column("0", BigInteger)
    )


_PARTS = (
    _begins(Collection, "collection").where(Collection.published_at <= _NOW).limit(MOST_COLLECTIONS),
    _begins(Page, "page").where(Page.published_at <= _NOW, Page.kind == "page").limit(MOST_PAGES),
)
# A shop that waits for its migration may have no table of past queries.
_TITLED = Statement[Any](union_all(*_PARTS))
_LINES = Statement[Any](union_all(*_PARTS, _asked()))


def _lines(session: Session, text: str, statement: Statement[Any]) -> list[tuple[str, str, str]]:
    """Return (kind, title, handle) of collections and pages whose title has a word that begins so, and of queries."""
    typed = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values: dict[str, Any] = {"starts": f"{typed}%", "inside": f"% {typed}%", "now": clock.now()}
    if statement is _LINES:
        values |= past_terms(text) | {"most": MOST_QUERIES}
    found = statement.all(session, **values)
    texts = {
        kind: texts_of_many(session, kind, [row.id for row in found if row.kind == kind])
        for kind in ("collection", "page")
    }
    return [(row.kind, texts.get(row.kind, {}).get(row.id, {}).get("title", row.title), row.handle) for row in found]
