"""What somebody wants a shipping zone to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateDraft:
    """Money in minor units of the shop's currency, weight in grams; None is no limit.

    An empty `code` is made from the title. `delivery_days` is empty or (fewest, most).
    """

    title: str
    price: int
    code: str = ""
    price_per_kg: int | None = None
    min_weight_grams: int | None = None
    max_weight_grams: int | None = None
    min_subtotal: int | None = None
    max_subtotal: int | None = None
    delivery_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """`countries` are ISO 3166-1 alpha-2 codes, parts of countries (US-CA, ES/35), or `*` for everywhere else.

    `profile` names the goods that the zone sends, '' all that are in no profile.
    """

    name: str
    countries: Sequence[str]
    rates: Sequence[RateDraft]
    profile: str = ""
