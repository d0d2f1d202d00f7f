"""Where tax is due, at which rates, and who is relieved of it: cases of European and American law.

Sources: Council Directive 2006/112/EC, consolidated; the Protocol on Ireland/Northern Ireland, article 8, with
Directive (EU) 2020/1756; New York State Publication 718; articles stand beside the cases.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.tax.models import TaxRate
from souk.tax.policy import Policy
from souk.tax.save_rate import TaxRateDraft, save_rate
from souk.tax.shipping import tax_on_shipping
from souk.tax.taxation import Taxation, taxation
from souk.tax.territory import member_state
from souk.tax.vat_number import vat_country

TODAY = date(2026, 11, 1)
# The numbers of a bookseller and of a bank, as they stand in their own imprints' format and with right checksums.
GERMAN, AUSTRIAN = "DE136695976", "ATU13585627"
BERLIN = Policy(country="DE", included=True, vat_number=GERMAN)
RATES = [
    TaxRateDraft("DE", "MwSt.", "19"),
    TaxRateDraft("DE", "MwSt.", "7", tax_class="books"),
    TaxRateDraft("FR", "TVA", "20"),
    TaxRateDraft("GB", "VAT", "20"),
    # New York City: the state 4 %, the city 4.5 %, the commuter district 0.375 %: NYS Publication 718.
    TaxRateDraft("US", "State tax", "4", province="NY"),
    TaxRateDraft("US", "City tax", "4.5", province="NY", postal_from="10001", postal_to="10282"),
    TaxRateDraft("US", "MCTD", "0.375", province="NY", postal_from="10001", postal_to="10282"),
]


@pytest.fixture(autouse=True, scope="module")
def _rates(shop: TenantScope) -> None:
    with transaction(shop) as session:
        session.execute(delete(TaxRate))
        for draft in RATES:
            save_rate(session, draft)


def due(scope: TenantScope, policy: Policy, **address: str) -> Taxation:
    with transaction(scope, read_only=True) as session:
        return taxation(session, policy, address, TODAY)


def percentages(found: Taxation) -> list[Decimal]:
    return [rate.rate * 100 for rate in found.rates if rate.tax_class == "standard"]


@pytest.mark.parametrize(
    ("address", "relief", "rates"),
    [
        ({"country": "DE"}, "", ["19"]),
        ({}, "", ["19"]),  # no address yet: the shown price contains what is due at home
        ({"country": "FR"}, "", ["20"]),  # article 33, the one-stop shop: the table holds the destination
        ({"country": "MC"}, "", ["20"]),  # article 7: Monaco is treated as France
        ({"country": "IT"}, "", ["19"]),  # article 59c, below the threshold: as at home
        ({"country": "FR", "tax_number": "FR40303265045"}, "reverse_charge", []),  # articles 138 and 196
        ({"country": "AT", "tax_number": AUSTRIAN}, "reverse_charge", []),
        ({"country": "AT", "tax_number": "atu 1358 5627"}, "reverse_charge", []),
        ({"country": "AT", "tax_number": "ATU13585628"}, "", ["19"]),  # article 138 (1)(b): no number, no relief
        ({"country": "FR", "tax_number": GERMAN}, "", ["20"]),  # a number of the shop's own country
        ({"country": "DE", "tax_number": AUSTRIAN}, "", ["19"]),  # the goods stay at home
        # Northern Ireland: a consumer pays the rate there, a business with an XI number owes it itself.
        ({"country": "GB", "postal_code": "BT1 5GS"}, "", ["20"]),
        ({"country": "GB", "postal_code": "bt15gs", "tax_number": "XI 980780684"}, "reverse_charge", []),
        ({"country": "GB", "postal_code": "BT1 5GS", "tax_number": "GB980780684"}, "", ["20"]),
        ({"country": "CH"}, "export", []),  # article 146
        ({"country": "ES", "postal_code": "35001"}, "export", []),  # article 6: Las Palmas, outside the VAT area
        ({"country": "DE", "postal_code": "27498"}, "export", []),  # article 6: Heligoland
        ({"country": "US", "state": "NY", "postal_code": "10001"}, "", ["4", "4.5", "0.375"]),
        ({"country": "US", "state": "NY", "postal_code": "12207"}, "", ["4"]),  # Albany has no city rate here
    ],
)
def test_a_german_shop(shop: TenantScope, address: dict[str, str], relief: str, rates: list[str]) -> None:
    found = due(shop, BERLIN, **address)

    assert (found.relief, percentages(found)) == (relief, [Decimal(rate) for rate in rates])


def test_without_a_number_of_its_own_a_shop_charges_businesses_too(shop: TenantScope) -> None:
    found = due(shop, replace(BERLIN, vat_number=""), country="AT", tax_number=AUSTRIAN)

    assert (found.relief, percentages(found)) == ("", [Decimal(19)])


def test_an_american_shop_owes_nothing_where_it_has_no_rate(shop: TenantScope) -> None:
    american = Policy(country="US")

    assert due(shop, american) == Taxation()
    assert due(shop, american, country="CA").rates == []
    assert percentages(due(shop, american, country="US", state="ny", postal_code="10001-1234")) == [
        Decimal(4), Decimal("4.5"), Decimal("0.375"),
    ]  # fmt: skip


def test_another_shop_has_none_of_these_rates(other_shop: TenantScope) -> None:
    assert due(other_shop, BERLIN, country="DE").rates == []


def test_a_relieved_buyer_pays_prices_without_the_tax_in_them(shop: TenantScope) -> None:
    business = due(shop, BERLIN, country="AT", tax_number=AUSTRIAN)
    with transaction(shop, read_only=True) as session:
        exempt = taxation(session, BERLIN, {"country": "DE"}, TODAY, exempt=True)

    assert [business.net_price(11_900, "standard"), business.net_price(1_070, "books")] == [10_000, 1_000]
    assert (exempt.relief, exempt.net_price(999, "standard")) == ("exempt", 839)


@pytest.mark.parametrize(("export_at_net", "price"), [(True, 10_000), (False, 11_900)])
def test_an_export_is_sold_at_the_price_that_the_shop_chose(
    shop: TenantScope, *, export_at_net: bool, price: int
) -> None:
    found = due(shop, replace(BERLIN, export_at_net=export_at_net), country="CH")

    assert found.net_price(11_900, "standard") == price


def test_a_shop_whose_prices_are_net_takes_nothing_off(shop: TenantScope) -> None:
    found = due(shop, replace(BERLIN, included=False), country="AT", tax_number=AUSTRIAN)

    assert (found.relief, found.net_price(10_000, "standard")) == ("reverse_charge", 10_000)


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        ("rates", [("0.19", 95)]),
        # 595 in the proportion 3 : 1 of goods at 19 % and books at 7 %.
        ("goods", [("0.19", 71), ("0.07", 10)]),
        ("none", []),
    ],
)
def test_shipping_is_taxed_by_the_rule_of_the_shop(shop: TenantScope, rule: str, parts: list[tuple[str, int]]) -> None:
    found = due(shop, BERLIN, country="DE")

    taxed = tax_on_shipping(595, found, rule, {"standard": 3_000, "books": 1_000}, included=True)

    assert [(part.rate, part.amount) for part in taxed] == [(Decimal(rate), amount) for rate, amount in parts]


@pytest.mark.parametrize(
    ("number", "country"),
    [(GERMAN, "DE"), ("el094259216", "GR"), ("136695976", ""), ("DE136695977", ""), ("", ""), ("US123456789", ""),
     ("XI980780684", "XI"),
     ("DE" + "1" * 500, ""), ("\0", "")],
)  # fmt: skip
def test_a_vat_number_tells_its_country_or_nothing(number: str, country: str) -> None:
    assert vat_country(number) == country


@pytest.mark.parametrize(
    ("country", "code", "state"),
    [("DE", "10115", "DE"), ("DE", "78266", ""), ("FR", "97110", ""), ("FR", "75001", "FR"), ("IT", "23041", ""),
     ("FI", "22100", ""), ("GB", "", ""), ("GB", "BT15GS", "XI"), ("GB", "B11BT", ""),
     ("CH", "", ""), ("MC", "98000", "FR"), ("MC", "", "FR"), ("", "", "")],
)  # fmt: skip
def test_the_vat_area_of_the_union(country: str, code: str, state: str) -> None:
    assert member_state(country, code) == state
