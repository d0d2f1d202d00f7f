"""Making, changing and deleting tax rates; each refusal leaves the table as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete

from souk.addresses.postal import postal_key
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.tax.delete_rate import delete_rate
from souk.tax.errors import TaxRateInvalid, TaxRateMissing, TaxRateTaken
from souk.tax.models import TaxRate
from souk.tax.queries import TaxRateRow, list_rates
from souk.tax.rates import Place, rates_at
from souk.tax.save_rate import TaxRateDraft, save_rate

TODAY = date(2026, 11, 1)
DRAFT = TaxRateDraft("US", "County tax", "7.25", province="ca")


@pytest.fixture(autouse=True)
def no_rates(shop: TenantScope) -> None:
    with transaction(shop) as session:
        session.execute(delete(TaxRate))


def rates_of(scope: TenantScope) -> list[TaxRateRow]:
    with transaction(scope, read_only=True) as session:
        return list_rates(session)


def saved(scope: TenantScope, draft: TaxRateDraft, tax_rate_id: int | None = None) -> int:
    with transaction(scope) as session:
        return save_rate(session, draft, tax_rate_id)


def test_a_rate_is_made_changed_and_deleted(shop: TenantScope, other_shop: TenantScope) -> None:
    rate_id = saved(shop, DRAFT)
    made = rates_of(shop)
    saved(shop, replace(DRAFT, percentage="0.0001", tax_class="food", applies_to_shipping=False), rate_id)
    changed = rates_of(shop)
    elsewhere = rates_of(other_shop)
    with transaction(shop) as session:
        delete_rate(session, rate_id)

    assert made == [TaxRateRow(rate_id, "US", "CA", "standard", "County tax", Decimal("0.0725"), True)]
    assert changed == [TaxRateRow(rate_id, "US", "CA", "food", "County tax", Decimal("0.000001"), False)]
    assert rates_of(shop) == elsewhere == []


def test_a_saved_rate_is_due_at_its_place_only(shop: TenantScope, other_shop: TenantScope) -> None:
    saved(shop, DRAFT)

    with transaction(shop, read_only=True) as session:
        due = [[rate.rate for rate in rates_at(session, Place("US", where), TODAY)[0]] for where in ("CA", "NY")]
    with transaction(other_shop, read_only=True) as session:
        elsewhere = rates_at(session, Place("US", "CA"), TODAY, "US")

    assert due == [[Decimal("0.0725")], []]
    assert elsewhere == ([], [])


@pytest.mark.parametrize(
    ("code", "due"),
    [("94102", 1), ("94102-1234", 1), ("94188", 1), ("94189", 0), ("90001", 0), ("", 0)],
)
def test_a_rate_of_postal_codes_is_due_between_them(shop: TenantScope, code: str, due: int) -> None:
    saved(shop, replace(DRAFT, postal_from="94102", postal_to="94188"))

    with transaction(shop, read_only=True) as session:
        found, _ = rates_at(session, Place("US", "CA", postal_key("US", code)), TODAY)

    assert len(found) == due


@pytest.mark.parametrize(("code", "due"), [("SW1A 1AA", 1), ("sw9 0aa", 1), ("SE1 0AA", 0), ("SX1 0AA", 0)])
def test_a_bound_stands_for_all_codes_that_begin_with_it(shop: TenantScope, code: str, due: int) -> None:
    saved(shop, replace(DRAFT, country="GB", province="", postal_from="sw"))

    with transaction(shop, read_only=True) as session:
        found, _ = rates_at(session, Place("GB", "", postal_key("GB", code)), TODAY)

    assert len(found) == due


@pytest.mark.parametrize(
    ("day", "percentages"),
    [("2020-06-30", ["19"]), ("2020-07-01", ["16"]), ("2020-12-31", ["16"]), ("2021-01-01", ["19"])],
)
def test_each_day_has_its_rate(shop: TenantScope, day: str, percentages: list[str]) -> None:
    """Germany, 2020: Zweites Corona-Steuerhilfegesetz, article 3."""
    germany = replace(DRAFT, country="DE", province="", name="MwSt.")
    saved(shop, replace(germany, percentage="19", valid_to="2020-06-30"))
    saved(shop, replace(germany, percentage="16", valid_from="2020-07-01", valid_to="2020-12-31"))
    saved(shop, replace(germany, percentage="19", valid_from="2021-01-01"))

    with transaction(shop, read_only=True) as session:
        found, _ = rates_at(session, Place("DE"), date.fromisoformat(day))

    assert [rate.rate * 100 for rate in found] == [Decimal(one) for one in percentages]


@pytest.mark.parametrize("percentage", ["0", "7.25", "19", "10", "99.9999"])
def test_a_percentage_reads_as_it_was_written(shop: TenantScope, percentage: str) -> None:
    saved(shop, replace(DRAFT, percentage=percentage))

    assert [rate.percentage for rate in rates_of(shop)] == [percentage]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, country="XX"), "country"),
        (replace(DRAFT, country=""), "country"),
        (replace(DRAFT, province="ZZ"), "province"),
        (replace(DRAFT, name=""), "name"),
        (replace(DRAFT, name="x" * 81), "name"),
        (replace(DRAFT, tax_class=" "), "tax_class"),
        (replace(DRAFT, postal_from="94188", postal_to="94102"), "postal_from"),
        (replace(DRAFT, valid_from="tomorrow"), "valid_from"),
        (replace(DRAFT, valid_from="2026-07-01", valid_to="2026-06-30"), "valid_from"),
        *(
            (replace(DRAFT, percentage=typed), "percentage")
            for typed in ("", "-1", "100", "7.00001", "1e1", "NaN", "\u0667")
        ),
    ],
)
def test_a_wrong_rate_is_refused(shop: TenantScope, draft: TaxRateDraft, field: str) -> None:
    rate_id = saved(shop, DRAFT)
    before = rates_of(shop)

    with pytest.raises(TaxRateInvalid) as refused:
        saved(shop, draft, rate_id)

    assert refused.value.extra == {"field": field}
    assert rates_of(shop) == before


def test_one_place_and_class_has_a_name_once(shop: TenantScope) -> None:
    saved(shop, DRAFT)
    second = saved(shop, replace(DRAFT, name="State tax"))
    before = rates_of(shop)

    with pytest.raises(TaxRateTaken):
        saved(shop, replace(DRAFT, percentage="1"))
    with pytest.raises(TaxRateTaken):
        saved(shop, DRAFT, second)

    assert rates_of(shop) == before


def test_the_rate_of_another_shop_is_missing(shop: TenantScope, other_shop: TenantScope) -> None:
    rate_id = saved(shop, DRAFT)
    before = rates_of(shop)

    with pytest.raises(TaxRateMissing):
        saved(other_shop, replace(DRAFT, percentage="1"), rate_id)
    with pytest.raises(TaxRateMissing), transaction(other_shop) as session:
        delete_rate(session, rate_id)

    assert rates_of(shop) == before
    assert rates_of(other_shop) == []
