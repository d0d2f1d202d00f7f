"""The countries as the options of a form."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from souk.addresses.countries import countries


# One shop's buyers choose among few countries, and 250 lines are most of the work of drawing the page.
@lru_cache(maxsize=1_000)
def country_options(locale: str, first: str, chosen: str) -> Markup:
    """Return the `option` elements of the countries, `chosen` selected."""
    line, selected = Markup('<option value="{}"{}>{}</option>\n'), Markup(" selected")
    return Markup("").join(
        line.format(code, selected if code == chosen else "", title) for code, title in countries(locale, first)
    )
