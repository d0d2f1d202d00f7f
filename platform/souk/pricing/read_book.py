"""Read the lists that hold for a buyer with their prices of some variants: one statement, none without lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, and_, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, aliased
from sqlalchemy.types import Text

from souk.catalog.models import Variant
from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.pricing.book import Book, Fixed, ListTerms
from souk.pricing.models import ListPrice, PriceList
from souk.pricing.rules import Market, Rules

_NOW = bindparam("now", type_=DateTime(timezone=True))
_HOLDS = and_(
    PriceList.status == "active",
    or_(PriceList.currency == "", PriceList.currency == bindparam("currency", type_=Text())),
    or_(PriceList.countries == [], bindparam("country", type_=Text()) == any_(PriceList.countries)),
    or_(PriceList.tags == [], PriceList.tags.overlap(bindparam("groups", type_=ARRAY(Text)))),
    or_(PriceList.starts_at.is_(None), PriceList.starts_at <= _NOW),
    or_(PriceList.ends_at.is_(None), PriceList.ends_at > _NOW),
)
# The narrowest first: a market before all countries, a currency before all of them, then as the merchant ranks them.
_ORDER: tuple[Any, ...] = (
    PriceList.countries == [], PriceList.currency == "", PriceList.priority.desc(), PriceList.id,
)  # fmt: skip
_any_price = aliased(ListPrice)
_FIXED = select(_any_price.id).where(_any_price.price_list_id == PriceList.id).exists().label("fixed")
_HEAD: tuple[Any, ...] = (
    PriceList.id, PriceList.name, (PriceList.tags != []).label("for_group"), PriceList.percent, PriceList.breaks,
    _FIXED, ListPrice.variant_id, ListPrice.min_quantity, ListPrice.price, ListPrice.compare_at_price,
)  # fmt: skip
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_OF_VARIANTS = Statement[Any](
    select(*_HEAD)
    .select_from(PriceList)
    .outerjoin(ListPrice, and_(ListPrice.price_list_id == PriceList.id, ListPrice.variant_id == any_(_IDS)))
    .where(_HOLDS)
    .order_by(*_ORDER, ListPrice.min_quantity)
)
# Of a product with a price of its own in a list all variants are read: the cheapest may be one that is not named.
_named = aliased(ListPrice)
_sibling = aliased(Variant)
_NAMED = (
    select(_named.id)
    .join(_sibling, _sibling.id == _named.variant_id)
    .where(_named.price_list_id == PriceList.id, _sibling.product_id == Variant.product_id)
    .exists()
)
_OF_PRODUCTS = Statement[Any](
    select(*_HEAD, Variant.id.label("sold_id"), Variant.product_id, Variant.price.label("own_price"),
           Variant.compare_at_price.label("own_compare_at"))
    .select_from(PriceList)
    .outerjoin(Variant, and_(Variant.product_id == any_(_IDS), _NAMED))
    .outerjoin(ListPrice, and_(ListPrice.price_list_id == PriceList.id, ListPrice.variant_id == Variant.id))
    .where(_HOLDS)
    .order_by(*_ORDER, Variant.id, ListPrice.min_quantity)
)  # fmt: skip


def read_book(session: Session, rules: Rules, market: Market, variant_ids: Iterable[int]) -> Book:
    """Return the prices of a buyer for these variants."""
    if not rules.lists:
        return Book(rules, market)
    return Book(rules, market, _terms(_OF_VARIANTS.all(session, ids=list(variant_ids), **_asked(market))))


def read_product_book(
    session: Session, rules: Rules, market: Market, product_ids: Iterable[int]
) -> tuple[Book, dict[int, list[Any]]]:
    """Return the prices of a buyer, and by product those variants (sold_id, own_price, own_compare_at) of which a list
    has a price of its own.
    """
    if not rules.lists:
        return Book(rules, market), {}
    rows = _OF_PRODUCTS.all(session, ids=list(product_ids), **_asked(market))
    sold: dict[int, dict[int, Any]] = {}
    for row in rows:
        if row.sold_id is not None:
            sold.setdefault(row.product_id, {})[row.sold_id] = row
    return Book(rules, market, _terms(rows)), {key: list(found.values()) for key, found in sold.items()}


def _asked(market: Market) -> dict[str, Any]:
    return {
        "currency": market.currency,
        "country": market.country,
        "groups": sorted(market.groups),
        "now": clock.now(),
    }


def _terms(rows: Sequence[Any]) -> list[ListTerms]:
    heads: dict[int, Any] = {}
    prices: dict[int, dict[int, list[Fixed]]] = {}
    for row in rows:
        heads.setdefault(row.id, row)
        of_list = prices.setdefault(row.id, {})
        if row.variant_id is not None:
            of_list.setdefault(row.variant_id, []).append(Fixed(row.min_quantity, row.price, row.compare_at_price))
    return [
        ListTerms(
            row.id,
            row.name,
            for_group=row.for_group,
            fixed=row.fixed,
            percent=row.percent,
            breaks=tuple((int(one["from"]), Decimal(one["percent"])) for one in row.breaks),
            prices=prices[row.id],
        )
        for row in heads.values()
    ]
