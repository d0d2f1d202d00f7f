"""What a shopper may mean while typing: two questions to the engine, then one transaction for everything else.

It is asked at every letter, so that its statements are built once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, DateTime, Select, Text, any_, bindparam, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from souk.catalog.models import Collection, Product, ProductMedia
from souk.catalog.tables import media
from souk.content.models import Page
from souk.kernel import clock
from souk.kernel.db import read_at_any_version
from souk.kernel.localized import texts_of_many
from souk.kernel.statement import Statement
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchQuery
from souk.search.find import ask, ask_completions, completions, find_rows
from souk.search.reports import past_queries
from souk.search.terms import terms_key
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
    answer = ask(engine(), scope, wanted)

    def read(session: Session, *, queries: bool = True) -> Suggestions:
        speak_here(session)
        _, products = find_rows(session, wanted, answer, _products)
        titled = _titled(session, text)
        asked = past_queries(session, text, MOST_QUERIES) if queries else []
        typed = completions(session, text, MOST_QUERIES, lines)
        prices = visit_prices(session, policy_of(scope).shop)
        return Suggestions(
            products,
            [(title, handle) for kind, title, handle in titled if kind == "collection"],
            [(title, handle) for kind, title, handle in titled if kind == "page"],
            # What is typed already needs no line of its own.
            [line for line in dict.fromkeys([*asked, *typed]) if terms_key(line) != terms_key(text)][:MOST_QUERIES],
            prices.least(session, {row.id: row.price_min for row in products}),
            prices.currency,
        )

    return read_at_any_version(scope, read, partial(read, queries=False))


def _meant(text: str, lines: tuple[str, ...] | None) -> str:
    """Return the likeliest whole words: the last one is still being typed."""
    if not lines or terms_key(text) in lines:
        return text
    return lines[0]


_PICTURE = (
    select(media.c.storage_key)
    .join(ProductMedia, ProductMedia.media_id == media.c.id)
    .where(ProductMedia.product_id == Product.id)
    .order_by(ProductMedia.position, ProductMedia.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
    .label("picture")
)
_PRODUCTS = Statement[Any](
    select(Product.id, Product.title, Product.handle, Product.price_min, Product.vendor, _PICTURE).where(
        Product.id == any_(bindparam("ids", type_=ARRAY(BigInteger))),
        Product.status == "active",
        Product.published_at <= _NOW,
    )
)


def _products(session: Session, ids: Sequence[int]) -> dict[int, Suggested]:
    found = _PRODUCTS.all(session, ids=list(ids), now=clock.now())
    texts = texts_of_many(session, "product", ids)
    return {row.id: Suggested(row.id, texts.get(row.id, {}).get("title", row.title), *row[2:]) for row in found}


def _begins(model: type[Collection | Page], kind: str) -> Select[*tuple[Any, ...]]:
    title: InstrumentedAttribute[str] = model.title
    starts = title.ilike(bindparam("starts"), escape="\\")
    inside = title.ilike(bindparam("inside"), escape="\\")
    columns = (literal_column(f"'{kind}'", Text).label("kind"), title.label("title"), model.handle, model.id)
    return select(*columns).where(starts | inside).order_by(starts.desc(), title)


_TITLED = Statement[Any](
    union_all(
        _begins(Collection, "collection").where(Collection.published_at <= _NOW).limit(MOST_COLLECTIONS),
        _begins(Page, "page").where(Page.published_at <= _NOW, Page.kind == "page").limit(MOST_PAGES),
    )
)


def _titled(session: Session, text: str) -> list[tuple[str, str, str]]:
    """Return (kind, title, handle) of collections and pages whose title has a word that begins so."""
    typed = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = _TITLED.all(session, starts=f"{typed}%", inside=f"% {typed}%", now=clock.now())
    texts = {
        kind: texts_of_many(session, kind, [row.id for row in found if row.kind == kind])
        for kind in ("collection", "page")
    }
    return [(row.kind, texts[row.kind].get(row.id, {}).get("title", row.title), row.handle) for row in found]
