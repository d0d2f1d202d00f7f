"""What a rate provider offers, and what is refused of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from souk.kernel.asking import AnswerRefused
from souk.shipping.check_zone import MAX_DAYS, MAX_NAME
from souk.shipping.provider import Parcel

MAX_OFFERS = 20
MAX_CODE = 60
# In the smallest unit of any currency; a merchant may name less.
MOST = 100_000_000


@dataclass(frozen=True, slots=True)
class RateOffer:
    """A price over the network: `amount` in minor units of `currency`, which must be that of the parcel.

    `code` names the rate among those of its provider, for good; `delivery_days` is empty or (fewest, most).
    """

    code: str
    title: str
    amount: int
    currency: str
    delivery_days: tuple[int, ...] = ()


def read_offers(parcel: Parcel, most: int | None, offers: Any) -> list[dict[str, Any]]:
    """Return the offers as plain values; one that cannot be true makes all of them doubtful.

    `most` (minor units) is what the merchant takes for possible. Raises AnswerRefused.
    """
    if not isinstance(offers, list | tuple) or not all(isinstance(one, RateOffer) for one in offers):
        raise AnswerRefused("It must answer a list of RateOffer.")
    if len(offers) > MAX_OFFERS:
        raise AnswerRefused(f"It offered {len(offers)} rates; {MAX_OFFERS} are the most.")
    for offer in offers:
        _check(offer, parcel, MOST if most is None else min(most, MOST))
    if len({offer.code for offer in offers}) < len(offers):
        raise AnswerRefused("It offered two rates of the same code.")
    return [_plain(offer) for offer in offers]


def _plain(offer: RateOffer) -> dict[str, Any]:
    days = list(offer.delivery_days)
    return {"code": offer.code, "title": offer.title, "amount": offer.amount, "delivery_days": days}


def _check(offer: RateOffer, parcel: Parcel, most: int) -> None:
    if not _is_text(offer.code, MAX_CODE) or not _is_text(offer.title, MAX_NAME):
        raise AnswerRefused(f"A rate needs a code of 1 to {MAX_CODE} and a title of 1 to {MAX_NAME} characters.")
    if offer.currency != parcel.currency:
        raise AnswerRefused(
            f"The rate {offer.code} is in {offer.currency!s:.10} and was asked for in {parcel.currency}."
        )
    if not _is_whole(offer.amount) or offer.amount < 0:
        raise AnswerRefused(f"The amount of the rate {offer.code} is no whole number of 0 or more.")
    if offer.amount > most:
        raise AnswerRefused(f"The rate {offer.code} costs more than the most that is taken for possible.")
    if not _are_days(offer.delivery_days):
        raise AnswerRefused(f"The days of the rate {offer.code} must be (fewest, most), from 0 to {MAX_DAYS}.")


def _are_days(days: Sequence[int]) -> bool:
    if not days:
        return True
    fewest_and_most = len(days) == 2 and all(_is_whole(day) for day in days)  # noqa: PLR2004 - fewest and most
    return fewest_and_most and 0 <= days[0] <= days[1] <= MAX_DAYS


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Any, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable() and not value.isspace()
