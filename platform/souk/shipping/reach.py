"""Which places a zone reaches: countries, provinces (US-CA), postal codes (ES/35, DE/26465-27498), everywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pycountry

from souk.addresses.postal import postal_key, within
from souk.shipping.errors import ZoneInvalid
from souk.shipping.provider import Parcel

EVERYWHERE_ELSE = "*"
# How narrow a part is: a parcel goes by the zone that names its place most narrowly.
_ELSEWHERE, _COUNTRY, _PROVINCE, _CODES = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the world as a zone names it; `first` to `last` are postal codes, '' for all."""

    country: str
    province: str = ""
    first: str = ""
    last: str = ""

    def closeness(self, parcel: Parcel) -> int:
        """Return how narrowly this names where the parcel goes, 0 when it does not."""
        if self.country == EVERYWHERE_ELSE:
            return _ELSEWHERE
        if self.country != parcel.country:
            return 0
        if self.first:
            return _CODES if parcel.postal_key and within(parcel.postal_key, self.first, self.last) else 0
        if self.province:
            return _PROVINCE if self.province == parcel.province else 0
        return _COUNTRY


def part_of(text: str) -> Part:
    """Read a part as a zone stores it."""
    country, _, codes = text.partition("/")
    if codes:
        first, _, last = codes.partition("-")
        return Part(country, first=first, last=last or first)
    country, _, province = text.partition("-")
    return Part(country, province)


def closeness(parts: Iterable[str], parcel: Parcel) -> int:
    """Return how narrowly any of the parts names where the parcel goes, 0 when none does."""
    return max((part_of(text).closeness(parcel) for text in parts), default=0)


def check_part(text: str) -> str:
    """Return a part as it is stored; raises ZoneInvalid."""
    country, slash, codes = text.strip().partition("/")
    country, dash, province = country.partition("-")
    # pycountry finds "de" too, and a quote asks for "DE".
    known = country.isupper() and pycountry.countries.get(alpha_2=country) is not None
    if country != EVERYWHERE_ELSE and not known:
        cure = f"{country[:20]!r} is no country; write a code of ISO 3166-1 such as DE, or * for everywhere else."
        raise ZoneInvalid("countries", cure)
    if slash:
        return f"{country}/{_checked_codes(country, codes)}"
    if dash and pycountry.subdivisions.get(code=f"{country}-{province}") is None:  # type: ignore[no-untyped-call]
        raise ZoneInvalid("countries", f"{text[:20]!r} is no province; write its code of ISO 3166-2, such as US-CA.")
    return f"{country}{dash}{province}"


def _checked_codes(country: str, codes: str) -> str:
    ends = codes.partition("-")
    first, last = postal_key(country, ends[0]), postal_key(country, ends[2] or ends[0])
    if not first or first > last:
        cure = f"{codes[:30]!r} are no postal codes; write ES/35 for all that begin so, or DE/26465-27498."
        raise ZoneInvalid("countries", cure)
    return first if first == last else f"{first}-{last}"
