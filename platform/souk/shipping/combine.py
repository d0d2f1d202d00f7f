"""Put the offers for the parts of an order together, where its goods are sent by different profiles."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from souk.kernel.goods_names import BESIDE
from souk.shipping.provider import ShippingRate

# No code of a rate has this sign.
_AND = "+"
# Sums that a buyer can still compare.
MOST = 8


def combined(parts: Sequence[Sequence[ShippingRate]]) -> list[ShippingRate]:
    """Return what the buyer chooses among: for each code that any part offers, the sum over all parts.

    A part without this code goes by the cheapest rate of the same carrier, or of the shop itself, and only then of
    another: who mixes carriers shows buyers many sums that say the same. Nothing is offered where one part cannot be
    sent at all, and of very many sums the cheapest and the fastest.
    """
    if len(parts) == 1:
        return list(parts[0])
    if not all(parts):
        return []
    wanted = {offer.code: offer.provider for offers in parts for offer in offers}
    together = [_together([_nearest(code, by, offers) for offers in parts]) for code, by in wanted.items()]
    return _fewest(list({offer.code: offer for offer in together}.values()))


def _nearest(code: str, provider: str, offers: Sequence[ShippingRate]) -> ShippingRate:
    same = [offer for offer in offers if offer.code == code]
    theirs = [offer for offer in offers if offer.provider == provider]
    return min(same or theirs or offers, key=attrgetter("amount", "code"))


def _fewest(offers: list[ShippingRate]) -> list[ShippingRate]:
    if len(offers) <= MOST:
        return offers
    cheapest = sorted(offers, key=attrgetter("amount", "code"))
    dated = [offer for offer in cheapest if offer.delivery_days]
    fastest = min(dated, key=lambda offer: max(offer.delivery_days), default=cheapest[0])
    kept = cheapest[:MOST]
    return kept if fastest in kept else [*kept[:-1], fastest]


def _together(chosen: Sequence[ShippingRate]) -> ShippingRate:
    providers = dict.fromkeys(offer.provider for offer in chosen)
    return ShippingRate(
        _AND.join(dict.fromkeys(offer.code for offer in chosen)),
        BESIDE.join(dict.fromkeys(offer.title for offer in chosen)),
        _AND.join(providers),
        sum(offer.amount for offer in chosen),
        _days(chosen),
    )


def _days(chosen: Sequence[ShippingRate]) -> tuple[int, ...]:
    """Nothing is promised of the whole where nothing is known of a part."""
    if not all(offer.delivery_days for offer in chosen):
        return ()
    return tuple(max(days) for days in zip(*(offer.delivery_days for offer in chosen), strict=True))
