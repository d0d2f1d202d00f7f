"""The rates that public tables told for a place and a day, put into a shop's table and asked for again.

Sources: for the Union the European Commission's "Taxes in Europe Database" (TEDB), search of VAT rates by date, and its
table "VAT rates applied in the Member States of the European Union"; what sets a dated rate is named beside it. For
America the publications of the states that are named below. Where VAT is due is of Directive 2006/112/EC and tested
with its articles in test_taxation.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.tax.calculate import tax_on
from souk.tax.models import TaxRate
from souk.tax.rates import STANDARD, Place, rates_at, rates_for_class
from souk.tax.save_rate import TaxRateDraft, save_rate

# country -> [(first day, last day, standard rate in percent)]
UNION: dict[str, list[tuple[str, str, str]]] = {
    "AT": [("", "", "20")], "BE": [("", "", "21")], "BG": [("", "", "20")], "CY": [("", "", "19")],
    "CZ": [("", "", "21")],
    # § 28 (1) UStG, by the Zweites Corona-Steuerhilfegesetz of 29 June 2020 (BGBl. 2020 I p. 1512), article 3.
    "DE": [("", "2020-06-30", "19"), ("2020-07-01", "2020-12-31", "16"), ("2021-01-01", "", "19")],
    "DK": [("", "", "25")],
    # Käibemaksuseadus, § 15 (1).
    "EE": [("", "2023-12-31", "20"), ("2024-01-01", "2025-06-30", "22"), ("2025-07-01", "", "24")],
    "ES": [("", "", "21")],
    # Arvonlisäverolaki (1501/1993), section 84.
    "FI": [("", "2024-08-31", "24"), ("2024-09-01", "", "25.5")],
    "FR": [("", "", "20")], "GR": [("", "", "24")], "HR": [("", "", "25")], "HU": [("", "", "27")],
    # Value-Added Tax Consolidation Act 2010, section 46 (1) (a); the cut of the July stimulus.
    "IE": [("", "2020-08-31", "23"), ("2020-09-01", "2021-02-28", "21"), ("2021-03-01", "", "23")],
    "IT": [("", "", "22")], "LT": [("", "", "21")],
    "LU": [("", "2022-12-31", "17"), ("2023-01-01", "2023-12-31", "16"), ("2024-01-01", "", "17")],
    "LV": [("", "", "21")], "MT": [("", "", "18")], "NL": [("", "", "21")], "PL": [("", "", "23")],
    "PT": [("", "", "23")],
    # Codul fiscal, article 291 (1), by Legea 141/2025.
    "RO": [("", "2025-07-31", "19"), ("2025-08-01", "", "21")],
    "SE": [("", "", "25")], "SI": [("", "", "22")],
    # Zákon 222/2004 Z. z., § 27 (1).
    "SK": [("", "2024-12-31", "20"), ("2025-01-01", "", "23")],
}  # fmt: skip
# Rates of one kind of goods, told by the same database: [(country, tax class, dated rates)]
REDUCED: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    # § 12 (2) and § 28 (2) UStG.
    ("DE", "books", [("", "2020-06-30", "7"), ("2020-07-01", "2020-12-31", "5"), ("2021-01-01", "", "7")]),
    ("LU", "gas", [("", "2022-12-31", "8"), ("2023-01-01", "2023-12-31", "7"), ("2024-01-01", "", "8")]),
    # Basic foodstuffs at zero while inflation was high.
    ("PL", "food", [("", "2022-01-31", "5"), ("2022-02-01", "2024-03-31", "0"), ("2024-04-01", "", "5")]),
]
# [(state, dated rates of the whole state)]
STATES: list[tuple[str, list[tuple[str, str, str]]]] = [
    # California Department of Tax and Fee Administration, "California City & County Sales & Use Tax Rates": the
    # quarter of Proposition 30 ended with 2016; the statewide base without any district's tax.
    ("CA", [("", "2016-12-31", "7.5"), ("2017-01-01", "", "7.25")]),
    # Louisiana Department of Revenue, "Sales Tax Rates".
    ("LA", [("2018-07-01", "2024-12-31", "4.45"), ("2025-01-01", "", "5")]),
    # New Mexico Taxation and Revenue Department, "Gross Receipts Tax Rate Schedule": the state's part.
    ("NM", [("", "2022-06-30", "5.125"), ("2022-07-01", "2023-06-30", "5"), ("2023-07-01", "", "4.875")]),
    # South Dakota Department of Revenue, "Sales & Use Tax".
    ("SD", [("", "2023-06-30", "4.5"), ("2023-07-01", "", "4.2")]),
]
# (name, percent, state, first and last postal code)
AMERICA = [
    # Texas Comptroller, "Sales and Use Tax": the state, and what a city and a transit authority may add, as in Houston
    # and Austin.
    ("State", "6.25", "TX", "", ""), ("City", "1", "TX", "77002", "77099"), ("Transit", "1", "TX", "77002", "77099"),
    ("City", "1", "TX", "78701", "78705"), ("Transit", "1", "TX", "78701", "78705"),
    # New York State Publication 718: the state, New York City, the commuter district; Albany County.
    ("State", "4", "NY", "", ""), ("City", "4.5", "NY", "10001", "10282"), ("MCTD", "0.375", "NY", "10001", "10282"),
    ("County", "4", "NY", "12201", "12212"),
    # Illinois Department of Revenue, "Tax Rate Finder": Chicago is 10.25 altogether.
    ("State", "6.25", "IL", "", ""), ("County", "1.75", "IL", "60601", "60661"),
    ("City", "1.25", "IL", "60601", "60661"), ("RTA", "1", "IL", "60601", "60661"),
    # Washington Department of Revenue: the state's part.
    ("State", "6.5", "WA", "", ""),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _tables(shop: TenantScope) -> Iterator[None]:
    with transaction(shop) as session:
        session.execute(delete(TaxRate))
        for country, dated in UNION.items():
            for first, last, percent in dated:
                save_rate(session, TaxRateDraft(country, "VAT", percent, valid_from=first, valid_to=last))
        for country, tax_class, dated in REDUCED:
            for first, last, percent in dated:
                draft = TaxRateDraft(country, "VAT", percent, tax_class=tax_class, valid_from=first, valid_to=last)
                save_rate(session, draft)
        for state, dated in STATES:
            for first, last, percent in dated:
                draft = TaxRateDraft("US", "State", percent, province=state, valid_from=first, valid_to=last)
                save_rate(session, draft)
        for name, percent, state, first, last in AMERICA:
            draft = TaxRateDraft("US", name, percent, province=state, postal_from=first, postal_to=last)
            save_rate(session, draft)
    yield
    with transaction(shop) as session:
        session.execute(delete(TaxRate))


def taxed(
    scope: TenantScope, place: Place, day: str, amount: int, *, included: bool, tax_class: str = STANDARD
) -> tuple[Decimal, int]:
    """Return (rate in percent, tax on `amount`) of that day."""
    with transaction(scope, read_only=True) as session:
        found, _ = rates_at(session, place, date.fromisoformat(day))
    rates = rates_for_class(found, tax_class)
    parts = tax_on(amount, rates, included=included)
    return sum((rate.rate for rate in rates), Decimal(0)) * 100, sum(part.amount for part in parts)


def _days(first: str, last: str) -> list[str]:
    """Return the days at both ends of a validity: where a mistake of one day shows."""
    return [day for day in (first, last) if day] or ["2026-11-01"]


CASES = [
    (country, day, percent)
    for country, dated in UNION.items()
    for first, last, percent in dated
    for day in _days(first, last)
]


@pytest.mark.parametrize(("country", "day", "percent"), CASES)
def test_the_union(shop: TenantScope, other_shop: TenantScope, country: str, day: str, percent: str) -> None:
    rate = Decimal(percent)
    assert taxed(shop, Place(country), day, 10_000, included=False) == (rate, int(rate * 100))
    # What is in a price of 100.00 plus tax is the same tax again.
    assert taxed(shop, Place(country), day, 10_000 + int(rate * 100), included=True) == (rate, int(rate * 100))
    assert taxed(other_shop, Place(country), day, 10_000, included=False) == (Decimal(0), 0)


@pytest.mark.parametrize(
    ("place", "tax_class", "day", "percent"),
    [
        *(
            (Place(country), tax_class, day, percent)
            for country, tax_class, dated in REDUCED
            for first, last, percent in dated
            for day in _days(first, last)
        ),
        *(
            (Place("US", state), STANDARD, day, percent)
            for state, dated in STATES
            for first, last, percent in dated
            for day in _days(first, last)
        ),
    ],
)
def test_a_dated_rate(shop: TenantScope, place: Place, tax_class: str, day: str, percent: str) -> None:
    found = taxed(shop, place, day, 100_000, included=False, tax_class=tax_class)

    assert found == (Decimal(percent), int(Decimal(percent) * 1_000))


@pytest.mark.parametrize(
    ("state", "postal_code", "percent", "on_a_hundred"),
    [
        ("TX", "77002", "8.25", 825), ("TX", "78701", "8.25", 825), ("TX", "", "6.25", 625),
        ("NY", "10001", "8.875", 888), ("NY", "12207", "8", 800), ("NY", "", "4", 400),
        ("IL", "60601", "10.25", 1_025), ("IL", "", "6.25", 625), ("WA", "", "6.5", 650),
        ("OR", "97201", "0", 0), ("DE", "19801", "0", 0),
        ("MT", "59601", "0", 0), ("NH", "03301", "0", 0),
    ],
)  # fmt: skip
def test_america(shop: TenantScope, state: str, postal_code: str, percent: str, on_a_hundred: int) -> None:
    place = Place("US", state, postal_code)

    assert taxed(shop, place, "2026-11-01", 10_000, included=False) == (Decimal(percent), on_a_hundred)
