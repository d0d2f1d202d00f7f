"""Which rates a shop offers for a parcel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.statement import Statement
from souk.pricing.rules import Rules, read_rules
from souk.shipping.carriers import with_carriers
from souk.shipping.combine import combined
from souk.shipping.models import ShippingZone
from souk.shipping.profiles import shipments_of
from souk.shipping.provider import Parcel, ShippingRate, filters, installed
from souk.shipping.reach import closeness

_ZONES = Statement[Any](
    select(ShippingZone.countries, ShippingZone.rates, ShippingZone.profile).order_by(
        ShippingZone.position, ShippingZone.id
    )
)

NOTHING: Mapping[str, Any] = {}
log = structlog.get_logger(__name__)


def quote(session: Session, parcel: Parcel, held: Mapping[str, Any] = NOTHING) -> list[ShippingRate]:
    """Return the offers for `parcel`, cheapest first; empty when the shop does not ship there.

    Goods of several shipping profiles are priced apart, also by carriers, and offered together.

    `held` are the answers of rate providers that the checkout holds. Raises Unanswered where others are missing.

    Merchants write rates and their limits in the shop's currency, and providers and filters calculate in it: a parcel
    in another one is weighed in the shop's, and the offers are converted as prices are.
    """
    rules = read_rules(session)
    currency, parcel = parcel.currency, _at_home(parcel, rules)
    zones = _ZONES.all(session)
    parts = shipments_of(parcel, {zone.profile for zone in zones})
    rates = [_rates([zone for zone in zones if zone.profile == profile], part) for profile, part in parts]
    offered: list[Sequence[ShippingRate]] = [
        _offers(own, part) for own, (_profile, part) in zip(rates, parts, strict=True)
    ]
    if all(rates):
        sent = [part for _profile, part in parts]
        offered = with_carriers(session, list(zip(sent, offered, strict=True)), held)
    offers: Sequence[ShippingRate] = combined(offered)
    for change in filters():
        offers = change(session, parcel, offers)
    if currency != parcel.currency:
        offers = [replace(offer, amount=rules.price(offer.amount, currency)) for offer in offers]
    return sorted(offers, key=lambda offer: (offer.amount, offer.code))


def _at_home(parcel: Parcel, rules: Rules) -> Parcel:
    if parcel.currency not in rules.rates:
        return parcel
    items = tuple(replace(one, price=rules.back(one.price, parcel.currency)) for one in parcel.items)
    return replace(parcel, currency=rules.base, subtotal=rules.back(parcel.subtotal, parcel.currency), items=items)


def _rates(zones: Sequence[Any], parcel: Parcel) -> list[Mapping[str, Any]]:
    """Only the zone that names the place most narrowly counts: a country's prices are not those of its islands."""
    reached = [(closeness(row.countries, parcel), row.rates) for row in zones]
    narrowest = max((close for close, _ in reached), default=0)
    return [rate for close, rates in reached if close == narrowest > 0 for rate in rates]


def _offers(rates: Sequence[Mapping[str, Any]], parcel: Parcel) -> list[ShippingRate]:
    return [offer for rate in rates if (offer := _offer(rate, parcel)) is not None]


def _offer(rate: Mapping[str, Any], parcel: Parcel) -> ShippingRate | None:
    provider = installed(rate.get("provider", "flat_rate"))
    if provider is None or not _applies(rate, parcel):
        return None
    try:
        amount = provider.quote(rate, parcel)
    except Exception:  # one broken provider must not take away the other rates
        log.exception("shipping_quote_failed", provider=provider.name, rate=rate.get("code"))
        return None
    if amount is None or amount < 0:
        return None
    days = tuple(rate.get("delivery_days") or ())
    return ShippingRate(rate["code"], rate["title"], provider.name, amount, days)


def _applies(rate: Mapping[str, Any], parcel: Parcel) -> bool:
    within_weight = _within(rate, "weight_grams", parcel.weight_grams)
    return within_weight and _within(rate, "subtotal", parcel.subtotal)


def _within(rate: Mapping[str, Any], what: str, value: int) -> bool:
    least, most = rate.get(f"min_{what}"), rate.get(f"max_{what}")
    return (least is None or value >= least) and (most is None or value <= most)
