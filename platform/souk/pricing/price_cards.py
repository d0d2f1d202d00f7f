"""Put a buyer's prices on product cards: one statement for any number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from souk.catalog.cards import ProductCard
from souk.pricing.book import Book
from souk.pricing.read_book import read_product_book
from souk.pricing.rules import Market, Rules

# No variant has it: only what a list says of every variant answers.
_ANY = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A product's cheapest and dearest variant and the former price of the cheapest, in minor units."""

    least: int
    most: int
    compare_at: int | None


def price_cards(
    session: Session, rules: Rules, market: Market, cards: Sequence[ProductCard], books: dict[int, Book] | None = None
) -> list[ProductCard]:
    """Return the cards at the prices of the buyer; `books` as in `price_spans`."""
    spans = {card.id: Span(card.price_min, card.price_max, card.compare_at_price) for card in cards}
    priced = price_spans(session, rules, market, spans, books)
    return [
        replace(card, price_min=span.least, price_max=span.most, compare_at_price=span.compare_at)
        for card in cards
        for span in [priced[card.id]]
    ]


def price_spans(
    session: Session, rules: Rules, market: Market, spans: dict[int, Span], books: dict[int, Book] | None = None
) -> dict[int, Span]:
    """Return product -> span at the prices of the buyer, given those of the catalogue.

    `books` gets, by product, the prices of all its variants. Where one of them holds for all variants nothing is
    read: keep it no longer than one page of one buyer.
    """
    if not spans or rules.as_in_catalog(market):
        return spans
    book = for_all(books or {})
    sold: dict[int, list[Any]] = {}
    if book is None:
        book, sold = read_product_book(session, rules, market, spans)
    if books is not None:
        books.update(dict.fromkeys(spans, book))
    return {key: _own(book, sold[key]) if key in sold else _common(book, span) for key, span in spans.items()}


def for_all(books: Mapping[int, Book]) -> Book | None:
    """Return prices that hold for any variant, where such were read."""
    return next((book for book in books.values() if book.for_all), None)


def _common(book: Book, span: Span) -> Span:
    # Nothing but conversions and percentages: the cheapest variant stays the cheapest.
    least, most = book.resolve(_ANY, span.least, span.compare_at), book.resolve(_ANY, span.most)
    return Span(least.price, most.price, least.compare_at)


def _own(book: Book, variants: Sequence[Any]) -> Span:
    found = [book.resolve(row.sold_id, row.own_price, row.own_compare_at) for row in variants]
    cheapest = min(found, key=lambda one: one.price)
    return Span(cheapest.price, max(one.price for one in found), cheapest.compare_at)
