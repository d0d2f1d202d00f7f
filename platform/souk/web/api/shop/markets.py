"""In which currency and for which country an API client wants prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from souk.kernel.errors import Invalid
from souk.pricing.price_cards import Span, price_spans
from souk.pricing.rules import Market, Rules
from souk.search.find import Found
from souk.web.api.schemas.products import MarketParameters

_PRICE = 2


class CurrencyNotSold(Invalid):
    code = "currency_not_sold"

    def __init__(self, currency: str, sold: Sequence[str]) -> None:
        super().__init__(f"The shop does not sell in {currency}; choose one of {', '.join(sold)}.", currencies=sold)


def asked_market(rules: Rules, asked: MarketParameters) -> Market:
    """Return the market of a request; without a currency and a country it is the shop's own. Raises CurrencyNotSold."""
    if asked.currency and asked.currency not in rules.currencies:
        raise CurrencyNotSold(asked.currency, rules.currencies)
    if not asked.currency and not asked.country:
        return Market(rules.base, rules.home)
    return rules.market(asked.currency, asked.country)


def priced_rows(session: Session, rules: Rules, market: Market, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return rows of `ProductRows` at the prices of a market."""
    spans = {row[0]: Span(row[_PRICE], row[_PRICE], None) for row in rows}
    priced = price_spans(session, rules, market, spans)
    return [(*row[:_PRICE], priced[row[0]].least, *row[_PRICE + 1 :]) for row in rows]


def in_market(found: Found, rules: Rules, market: Market) -> Found:
    """Return what was found with the range of prices in the market's currency, converted by its rate."""
    if market.currency == rules.base:
        return found
    facets = tuple(
        replace(facet, values=tuple(replace(one, value=str(rules.price(int(one.value), market.currency)))
                                    for one in facet.values))
        if facet.name == "price" else facet
        for facet in found.facets
    )  # fmt: skip
    return replace(found, facets=facets)
