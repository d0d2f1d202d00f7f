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
# Goods to and from Northern Ireland are treated as if it were a member (Protocol on Ireland and Northern Ireland,
# article 8; Directive (EU) 2020/1756): its VAT numbers begin with XI, its rates are those of the United Kingdom.
NORTHERN_IRELAND = "XI"
_NORTHERN_IRISH = ("GB", "BT")
# Article 7: what goes to Monaco is taxed as if it went to France.
_TREATED_AS = {"MC": "FR"}


def member_state(country: str, postal_key: str = "") -> str:
    """Return the member state whose VAT is due on goods sent to a place, XI for Northern Ireland, '' where none is."""
    if country == _NORTHERN_IRISH[0] and postal_key.startswith(_NORTHERN_IRISH[1]):
        return NORTHERN_IRELAND
    if postal_key.startswith(_OUTSIDE.get(country, ("-",))):
        return ""
    taxed_as = _TREATED_AS.get(country, country)
    return taxed_as if taxed_as in MEMBERS else ""
