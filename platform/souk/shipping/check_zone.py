"""Refuse a zone that could not be shown or priced."""

from __future__ import annotations

from souk.kernel.money import MAX_AMOUNT
from souk.shipping.drafts import RateDraft, ZoneDraft
from souk.shipping.errors import ZoneInvalid

MAX_NAME = 80
MAX_RATES = 50
MAX_DAYS = 365
MAX_PARTS = 500
_LIMITS = ("price_per_kg", "min_weight_grams", "max_weight_grams", "min_subtotal", "max_subtotal")


def check_zone(draft: ZoneDraft) -> None:
    """Raises ZoneInvalid with the first thing that is wrong."""
    if not _is_name(draft.name):
        raise ZoneInvalid("name", f"Give the zone a name of 1 to {MAX_NAME} characters.")
    check_profile(draft.profile)
    _check_countries(draft)
    if not 0 < len(draft.rates) <= MAX_RATES:
        raise ZoneInvalid("rates", f"Give the zone 1 to {MAX_RATES} rates; without one nothing can be sent there.")
    for rate in draft.rates:
        _check_rate(rate)
    _check_codes(draft)


def check_profile(name: str) -> None:
    """Raise ZoneInvalid for what is no name of a profile; '' is that of all goods without one."""
    if name and not _is_name(name):
        raise ZoneInvalid("profile", f"Give the profile a name of 1 to {MAX_NAME} characters, or none.")


def _is_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and text.isprintable() and not text.isspace()


def _check_countries(draft: ZoneDraft) -> None:
    if not draft.countries:
        raise ZoneInvalid("countries", "Choose at least one country, or everywhere else.")
    if len(draft.countries) > MAX_PARTS:
        raise ZoneInvalid("countries", f"A zone names at most {MAX_PARTS} places; make a second zone for the rest.")


def _check_codes(draft: ZoneDraft) -> None:
    codes = [rate.code for rate in draft.rates]
    for rate in draft.rates:
        if codes.count(rate.code) > 1:
            raise ZoneInvalid("rates", f"Two rates are called {rate.title!r}; give each a name of its own.")


def _check_rate(rate: RateDraft) -> None:
    if not _is_name(rate.title):
        raise ZoneInvalid("title", f"Give each rate a name of 1 to {MAX_NAME} characters.")
    amounts = [rate.price, *(value for name in _LIMITS if (value := getattr(rate, name)) is not None)]
    if not all(0 <= amount <= MAX_AMOUNT for amount in amounts):
        raise ZoneInvalid("price", f"The prices and limits of {rate.title!r} are 0 or more, up to {MAX_AMOUNT}.")
    for what, least, most in (
        ("weight", rate.min_weight_grams, rate.max_weight_grams),
        ("subtotal", rate.min_subtotal, rate.max_subtotal),
    ):
        if least is not None and most is not None and least > most:
            raise ZoneInvalid(what, f"The least {what} of {rate.title!r} is above the most; exchange them.")
    _check_days(rate)


def _check_days(rate: RateDraft) -> None:
    if not rate.delivery_days:
        return
    if len(rate.delivery_days) != 2 or not 0 <= rate.delivery_days[0] <= rate.delivery_days[1] <= MAX_DAYS:  # noqa: PLR2004 - fewest and most
        cure = f"The days of {rate.title!r} are the fewest and the most, from 0 to {MAX_DAYS}, the fewest first."
        raise ZoneInvalid("delivery_days", cure)
