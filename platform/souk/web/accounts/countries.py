"""Countries by name for selects; names from CLDR, codes ISO 3166-1 alpha-2."""

from __future__ import annotations

import pycountry
from babel import Locale

_names = Locale("en").territories
COUNTRIES: tuple[tuple[str, str], ...] = tuple(
    sorted(
        ((item.alpha_2, _names.get(item.alpha_2, item.name)) for item in pycountry.countries), key=lambda pair: pair[1]
    )
)
