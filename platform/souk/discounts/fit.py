"""Whether a discount fits a basket and a buyer, before anything is calculated."""

from __future__ import annotations

from souk.discounts.terms import SHIPPING, Basket, BuyerFacts, Refused, Terms


def misfit(terms: Terms, basket: Basket, buyer: BuyerFacts) -> Refused | None:
    """Return why the discount does not apply, None when it does.

    A minimum counts the items that the discount is for, at their prices before any discount. What is not known
    of a buyer yet counts in their favour and is asked again once it is.
    """
    if terms.closed:
        return Refused(terms, terms.closed)
    return _wrong_buyer(terms, buyer) or _wrong_basket(terms, basket)


def _wrong_buyer(terms: Terms, buyer: BuyerFacts) -> Refused | None:
    if terms.tags and not terms.tags & buyer.tags:
        return Refused(terms, "not_for_you")
    if terms.first_order and buyer.orders:
        return Refused(terms, "first_order_only")
    if terms.per_customer is not None and buyer.uses.get(terms.id, 0) >= terms.per_customer:
        return Refused(terms, "already_used")
    return None


def _wrong_basket(terms: Terms, basket: Basket) -> Refused | None:
    scope = terms.buy_get.buys if terms.buy_get else terms.applies_to
    meant = [item for item in basket.items if scope.covers(item)]
    if not meant:
        return Refused(terms, "no_items")
    short = terms.minimum_subtotal - sum(item.subtotal for item in meant)
    if short > 0:
        return Refused(terms, "minimum_subtotal", short)
    few = terms.minimum_quantity - sum(item.quantity for item in meant)
    if few > 0:
        return Refused(terms, "minimum_quantity", few)
    return _wrong_delivery(terms, basket) if terms.kind == SHIPPING else None


def _wrong_delivery(terms: Terms, basket: Basket) -> Refused | None:
    if terms.countries and basket.country and basket.country not in terms.countries:
        return Refused(terms, "wrong_country")
    if terms.max_shipping is not None and basket.shipping > terms.max_shipping:
        return Refused(terms, "shipping_too_dear")
    return None
