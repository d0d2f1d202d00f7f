"""Put the offers for the parts of an order together, where its goods are sent by different profiles."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from souk.kernel.goods_names import BESIDE
from souk.shipping.provider import ShippingRate

# No code of a rate has this sign.
_AND = "+"


def combined(parts: Sequence[Sequence[ShippingRate]]) -> list[ShippingRate]:
    """Return what the buyer chooses among: for each code that any part offers, the sum over all parts.

    A part without this code goes by its cheapest rate; nothing is offered where one part cannot be sent at all.
    """
    if len(parts) == 1:
        return list(parts[0])
    if not all(parts):
        return []
    codes = dict.fromkeys(offer.code for offers in parts for offer in offers)
    together = [_together([_nearest(code, offers) for offers in parts]) for code in codes]
    return list({offer.code: offer for offer in together}.values())


def _nearest(code: str, offers: Sequence[ShippingRate]) -> ShippingRate:
    same = [offer for offer in offers if offer.code == code]
    return min(same or offers, key=attrgetter("amount", "code"))


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
