"""The standard rates of VAT in the European Union, to fill a shop's table with for the one-stop shop.

Source: European Commission, Taxes in Europe Database, "VAT rates applied in the Member States", as in force in
November 2026. Reduced rates depend on the goods: a merchant adds the classes that they sell.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.tax.models import TaxRate
from souk.tax.rates import STANDARD
from souk.tax.save_rate import TaxRateDraft, save_rate

# The name is what a buyer of the country reads on a bill.
STANDARD_RATES = {
    "AT": ("USt.", "20"),
    "BE": ("TVA/BTW", "21"),
    "BG": ("ДДС", "20"),
    "CY": ("ΦΠΑ", "19"),
    "CZ": ("DPH", "21"),
    "DE": ("MwSt.", "19"),
    "DK": ("Moms", "25"),
    "EE": ("Käibemaks", "24"),
    "ES": ("IVA", "21"),
    "FI": ("ALV", "25.5"),
    "FR": ("TVA", "20"),
    "GR": ("ΦΠΑ", "24"),
    "HR": ("PDV", "25"),
    "HU": ("ÁFA", "27"),
    "IE": ("VAT", "23"),
    "IT": ("IVA", "22"),
    "LT": ("PVM", "21"),
    "LU": ("TVA", "17"),
    "LV": ("PVN", "21"),
    "MT": ("VAT", "18"),
    "NL": ("BTW", "21"),
    "PL": ("VAT", "23"),
    "PT": ("IVA", "23"),
    "RO": ("TVA", "21"),
    "SE": ("Moms", "25"),
    "SI": ("DDV", "22"),
    "SK": ("DPH", "23"),
}


def add_union_rates(session: Session) -> int:
    """Add the standard rate of each member state that has none in the table; return how many were added."""
    of_whole_countries = (TaxRate.province == "", TaxRate.postal_from == "", TaxRate.tax_class == STANDARD)
    present = set(session.execute(select(TaxRate.country).where(*of_whole_countries)).scalars())
    absent = [(country, *rate) for country, rate in STANDARD_RATES.items() if country not in present]
    for country, name, percentage in absent:
        save_rate(session, TaxRateDraft(country, name, percentage))
    return len(absent)
