"""The prices of this visit: the shop's currencies, and the market of whoever looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import has_request_context, request
from sqlalchemy.orm import Session

from souk.catalog.cards import ProductCard
from souk.catalog.variant_records import VariantRecord
from souk.customers.sessions import customer_of_token
from souk.kernel.localized import labels
from souk.pricing.book import Book
from souk.pricing.price_cards import Span, for_all, price_cards, price_spans
from souk.pricing.read_book import read_book
from souk.pricing.rules import Market, Rules, read_rules, rules_of
from souk.web.cookies import CUSTOMER, read_cookie
from souk.web.market_cookie import remembered_market
from souk.web.storefront.rows import parts_texts, variant_row
from themes import rows


@dataclass(frozen=True, slots=True)
class Prices:
    """How this visitor sees the catalogue's prices; `shared` is False for those of a customer group."""

    rules: Rules
    market: Market
    # What was read for the cards of this page, by product: it has the prices of the variants too.
    _books: dict[int, Book] = field(default_factory=dict, compare=False, repr=False)

    @property
    def currency(self) -> str:
        return self.market.currency

    @property
    def shared(self) -> bool:
        return not (self.rules.groups and self.market.groups)

    @property
    def apart(self) -> tuple[str, str]:
        """What distinguishes everybody's prices here from those of other visitors."""
        return self.market.currency, self.market.country

    def cards(self, session: Session, cards: Sequence[ProductCard]) -> list[ProductCard]:
        """Return the cards at this visitor's prices: no statement of its own while the shop has no price lists."""
        return price_cards(session, self.rules, self.market, cards, self._books)

    def least(self, session: Session, prices: Mapping[int, int]) -> dict[int, int]:
        """Return product -> price of its cheapest variant, given the catalogue's."""
        spans = {key: Span(price, price, None) for key, price in prices.items()}
        return {key: span.least for key, span in price_spans(session, self.rules, self.market, spans).items()}

    def variants(
        self, session: Session, found: Mapping[int, Sequence[VariantRecord]]
    ) -> dict[int, list[rows.VariantRow]]:
        """Return product -> variants at this visitor's prices, with what they cost in numbers."""
        books = self._books_of(session, found)
        label = labels(session)
        texts = parts_texts(session, (variant.components for variants in found.values() for variant in variants))
        return {
            key: [variant_row(variant, books[key], label, texts) for variant in variants]
            for key, variants in found.items()
        }

    def _books_of(self, session: Session, found: Mapping[int, Sequence[VariantRecord]]) -> Mapping[int, Book]:
        if self._books.keys() >= found.keys():
            return self._books
        if (common := for_all(self._books)) is not None:
            return dict.fromkeys(found, common)
        ids = [variant.id for variants in found.values() for variant in variants]
        return dict.fromkeys(found, read_book(session, self.rules, self.market, ids))

    def back(self, amount: int | None) -> int | None:
        """Return an amount of the visit's currency in the shop's own, in which listings are filtered."""
        return None if amount is None else self.rules.back(amount, self.currency)

    def shown(self, amount: int) -> int:
        """Return a price of the catalogue in the visit's currency."""
        return self.rules.price(amount, self.currency)


def visit_prices(session: Session, shop: Mapping[str, Any]) -> Prices:
    """Return the prices of this request; a customer is looked up only where a list is for some of them."""
    rules = rules_of(shop)
    return Prices(rules, _market(rules, visit_groups(session, rules)))


def catalog_prices(shop: Mapping[str, Any]) -> Prices | None:
    """Return the prices of a visit that sees the catalogue's own; None where prices or the visitor must be read."""
    rules = rules_of(shop)
    market = _market(rules, frozenset())
    return None if rules.groups or not rules.as_in_catalog(market) else Prices(rules, market)


def visit_market(session: Session) -> Market:
    """Return the market of this request, in a transaction that has no front."""
    rules = read_rules(session)
    return _market(rules, visit_groups(session, rules))


def visit_groups(session: Session, rules: Rules | None = None) -> frozenset[str]:
    """Return the groups of who is signed in; nothing is read in a shop whose lists are for everybody."""
    token = read_cookie(CUSTOMER) if has_request_context() else ""
    if not token or not (rules or read_rules(session)).groups:
        return frozenset()
    found = customer_of_token(session, token, "session")
    return frozenset() if found is None else frozenset(found.tags)


def _market(rules: Rules, groups: frozenset[str]) -> Market:
    chosen = remembered_market(request.environ) if has_request_context() else ""
    currency, _, country = chosen.partition(".")
    return rules.market(currency, country, groups)
