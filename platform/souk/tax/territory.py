"""Where the VAT of the European Union is due: Directive 2006/112/EC, articles 5 to 7."""

from __future__ import annotations

MEMBERS = frozenset(
    ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"]
)  # fmt: skip
# Article 6: the Canaries, Ceuta and Melilla; Heligoland and Büsingen; Livigno; the French departments overseas;
# Åland; Mount Athos. By the beginnings of their postal codes.
_OUTSIDE = {
    "ES": ("35", "38", "51", "52"),
    "DE": ("27498", "78266"),
    "IT": ("23041",),
    "FR": ("97", "98"),
    "FI": ("22",),
    "GR": ("63086",),
}
# Article 7: what goes to Monaco is taxed as if it went to France.
_TREATED_AS = {"MC": "FR"}


def member_state(country: str, postal_key: str = "") -> str:
    """Return the member state whose VAT is due at a place, '' where none is."""
    if postal_key.startswith(_OUTSIDE.get(country, ("-",))):
        return ""
    taxed_as = _TREATED_AS.get(country, country)
    return taxed_as if taxed_as in MEMBERS else ""
