"""What somebody wants a price list or its prices to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListDraft:
    """`percent` is text such as "-10" or "7.5", '' for none; `breaks` are (from, percent), taken off the list's price.

    `currency` '' is every currency; `countries` and `tags` empty are all countries and all buyers.
    """

    name: str
    status: str = "active"
    currency: str = ""
    countries: Sequence[str] = ()
    tags: Sequence[str] = ()
    percent: str = ""
    breaks: Sequence[tuple[int, str]] = ()
    priority: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """What one unit of a variant costs from `min_quantity` on, in minor units of the list's currency."""

    variant_id: int
    price: int
    min_quantity: int = 1
    compare_at_price: int | None = None
