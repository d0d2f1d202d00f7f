"""Check VAT numbers by format and checksum (python-stdnum); whether one is registered only VIES knows."""

from __future__ import annotations

from stdnum.eu import vat

from souk.tax.territory import MEMBERS, NORTHERN_IRELAND

# Greece writes EL before its numbers (Directive 2006/112/EC, article 215).
_ISO = {"EL": "GR"}


def vat_country(number: str) -> str:
    """Return the member state of a valid VAT number as ISO 3166-1 alpha-2, or XI; '' for anything else."""
    # Without its country a number is none: it may fit several, and nobody is relieved of tax by a guess.
    country = number.strip()[:2].upper()
    if not vat.is_valid(number) or _ISO.get(country, country) not in MEMBERS | {NORTHERN_IRELAND}:
        return ""
    return _ISO.get(country, country)
