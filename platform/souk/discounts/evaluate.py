"""Calculate the discounts of a cart: read what is in play, then choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.cart.queries import CartItem
from souk.catalog.models import CollectionProduct
from souk.discounts.buyers import NOBODY, Claim, buyer_facts
from souk.discounts.choose import choose
from souk.discounts.in_currency import in_currency
from souk.discounts.in_play import discounts_in_play
from souk.discounts.terms import Applied, Basket, Item, Outcome, Terms
from souk.pricing.rules import Rules, read_rules

NOTHING = Outcome()


def evaluate(  # noqa: PLR0917 - the basket, who buys, how it is sent
    session: Session,
    items: Sequence[CartItem],
    claim: Claim = NOBODY,
    shipping: int = 0,
    country: str = "",
    currency: str = "",
) -> Outcome:
    """Return the discounts of these items; one statement while nothing is in play, two to four otherwise.

    `shipping` is the price of the chosen rate in minor units of `currency`, '' for the shop's own.
    """
    if not items:
        return NOTHING
    offers = discounts_in_play(session, claim.codes)
    if currency and offers:
        offers = in_currency(offers, read_rules(session), currency)
    unknown = [code for code in claim.codes if code not in {terms.code for terms in offers}]
    if not offers:
        return Outcome(unknown=unknown)
    basket = Basket(basket_items(session, items, offers), shipping, country)
    return choose(offers, basket, buyer_facts(session, offers, claim), unknown)


def basket_items(session: Session, items: Sequence[CartItem], offers: Sequence[Terms]) -> list[Item]:
    """Return the items as the calculation takes them, with their collections when a discount asks for them."""
    wanted = collections_meant(offers)
    held = _collections(session, {item.product_id for item in items}, wanted) if wanted else {}
    return [
        Item(
            item.product_id,
            item.quantity,
            item.unit_price,
            frozenset(held.get(item.product_id, ())),
            discountable=not item.gift_card,
        )
        for item in items
    ]


def collections_meant(offers: Sequence[Terms]) -> set[int]:
    """Return every collection that one of the discounts names."""
    scopes = [terms.applies_to for terms in offers]
    scopes += [scope for terms in offers if terms.buy_get for scope in (terms.buy_get.buys, terms.buy_get.gets)]
    return {number for scope in scopes for number in scope.collections}


def _collections(session: Session, products: set[int], wanted: set[int]) -> Mapping[int, set[int]]:
    rows = session.execute(
        select(CollectionProduct.product_id, CollectionProduct.collection_id).where(
            CollectionProduct.product_id.in_(products), CollectionProduct.collection_id.in_(wanted)
        )
    )
    held: dict[int, set[int]] = {}
    for product_id, collection_id in rows:
        held.setdefault(product_id, set()).add(collection_id)
    return held


def as_rows(applied: Sequence[Applied], rules: Rules | None, currency: str) -> list[dict[str, Any]]:
    """Return the discounts as an order keeps them: {discount_id, code_id, title, code, class, amount}.

    In a foreign currency `base_amount` is what a budget in the shop's own loses.
    """
    return [_row(one, rules, currency) for one in applied]


def _row(one: Applied, rules: Rules | None, currency: str) -> dict[str, Any]:
    foreign = {} if rules is None or rules.factor(currency) == 1 else {"base_amount": rules.back(one.amount, currency)}
    return foreign | {
        "discount_id": one.terms.id,
        "code_id": one.terms.code_id,
        "title": one.terms.title,
        "code": one.terms.code,
        "class": one.terms.kind,
        "amount": one.amount,
    }
