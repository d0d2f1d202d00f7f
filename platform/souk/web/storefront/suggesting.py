"""What a shopper may mean while typing: two questions to the engine, then the shop's own rows.

It is asked at every letter, and most people begin with the same letters: what is told of them is kept until it
changes, and then needs no transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from souk.kernel.db import read_at_any_version
from souk.kernel.localized import texts_of_many
from souk.kernel.tenancy import TenantScope
from souk.search.engine import SearchQuery, SearchResults
from souk.search.find import ask, ask_completions, completions, find_rows
from souk.search.terms import terms_key
from souk.web.page_cache.keeper import typed_keeper
from souk.web.page_cache.product_rows import ProductRows, product_rows
from souk.web.searching import engine, policy_of
from souk.web.storefront.language import content_locale, speak_here
from souk.web.storefront.prices import Prices, catalog_prices, visit_prices
from souk.web.storefront.suggested_lines import MOST_QUERIES, read_lines

_SIZE = 3_000


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
    """Titles are in the language of the visit; `collections` and `pages` are (title, handle)."""

    products: list[Suggested]
    collections: list[tuple[str, str]]
    pages: list[tuple[str, str]]
    queries: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is searched for and what the engine said: it stands for the state of the index, too."""

    text: str
    wanted: SearchQuery
    answer: SearchResults | None
    lines: tuple[str, ...] | None


def suggestions(scope: TenantScope, text: str, limit: int) -> tuple[Suggestions, Mapping[int, int], str]:
    """Return suggestions for what was typed so far, product -> the visitor's price in minor units, and its currency.

    No transaction may be open.
    """
    asked, shop = _ask(scope, text, limit), policy_of(scope).shop
    keeper, rows = typed_keeper(scope), product_rows(scope)
    address = (text, limit, content_locale(), asked.answer, asked.lines)
    found: Suggestions | None = keeper.get(address)
    plain = catalog_prices(shop)
    if found is not None and plain is not None:
        return found, _catalog(found), plain.currency

    def read(session: Session, *, queries: bool = True) -> tuple[Suggestions, Mapping[int, int], Prices]:
        speak_here(session)
        # A visitor with prices of their own is told the same of everything else.
        told = found or _read(session, asked, rows, queries=queries)
        prices = visit_prices(session, shop)
        return told, prices.least(session, _catalog(told)), prices

    told, least, prices = read_at_any_version(scope, read, partial(read, queries=False))
    # A degraded search is told from the database: it ends when the engine is back.
    if found is None and asked.answer is not None and asked.lines is not None:
        keeper.keep(address, told, ["collections", *(f"product-{row.id}" for row in told.products)], _SIZE)
    return told, least, prices.currency


def _ask(scope: TenantScope, text: str, limit: int) -> Asked:
    lines = ask_completions(engine(), scope, text, MOST_QUERIES)
    wanted = policy_of(scope).applied(SearchQuery(text=_meant(text, lines), limit=limit))
    return Asked(text, wanted, ask(engine(), scope, wanted), lines)


def _meant(text: str, lines: tuple[str, ...] | None) -> str:
    """Return the likeliest whole words: the last one is still being typed."""
    if not lines or terms_key(text) in lines:
        return text
    return lines[0]


def _catalog(found: Suggestions) -> dict[int, int]:
    return {row.id: row.price_min for row in found.products}


def _read(session: Session, asked: Asked, rows: ProductRows, *, queries: bool) -> Suggestions:
    _, products = find_rows(session, asked.wanted, asked.answer, partial(_suggested, rows=rows))
    lines = read_lines(session, asked.text, queries=queries)
    typed = [title for kind, title, _ in lines if kind == "query"]
    typed += completions(session, asked.text, MOST_QUERIES, asked.lines)
    return Suggestions(
        products,
        [(title, handle) for kind, title, handle in lines if kind == "collection"],
        [(title, handle) for kind, title, handle in lines if kind == "page"],
        # What is typed already needs no line of its own.
        [line for line in dict.fromkeys(typed) if terms_key(line) != terms_key(asked.text)][:MOST_QUERIES],
    )


def _suggested(session: Session, ids: Sequence[int], rows: ProductRows) -> dict[int, Suggested]:
    texts = texts_of_many(session, "product", ids)
    return {
        id_: Suggested(
            id_, texts.get(id_, {}).get("title", row.title), row.handle, row.price_min, row.vendor, row.picture
        )
        for id_, row in rows.read(session, ids).items()
    }
