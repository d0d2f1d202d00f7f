"""The pages of price lists and currencies, for those who may and those who may not."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import delete, select

from souk.catalog.models import Variant
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.pricing.models import PriceList
from souk.pricing.queries import PriceListView, list_price_lists, prices_of_list
from souk.pricing.rules import Rules, read_rules
from tests.factories.catalog import make_product
from tests.web_dashboard.conftest import SignedIn

FORM = {
    "name": "Trade", "status": "active", "currency": "USD", "countries": "de, AT", "tags": "Trade, vip",
    "percent": "-7,5", "break_from": "10", "break_percent": "-5", "priority": "2", "starts_at": "2026-01-01T10:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing(shop: TenantScope) -> None:
    with transaction(shop) as session:
        session.execute(delete(PriceList))


def stored(scope: TenantScope) -> tuple[list[PriceListView], Rules]:
    with transaction(scope, read_only=True) as session:
        return list_price_lists(session), read_rules(session)


def test_a_list_is_made_edited_given_prices_and_deleted(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    with transaction(shop) as session:
        variant_id = make_product(session, "Kettle", stock=None)[0]
        sku = session.execute(select(Variant.sku).where(Variant.id == variant_id)).scalar_one()

    assert owner.post("~/prices/new", FORM).status_code == 303
    (made,) = stored(shop)[0]
    at = f"~/prices/{made.id}"
    owner.post(f"{at}/prices", {"sku": sku, "min_quantity": "1", "price": "9,50"})
    owner.post(f"{at}/prices", {"sku": sku, "min_quantity": "5", "price": "8.00", "compare_at_price": "10"})
    editor, file = owner.get(at).text, owner.get(f"{at}/prices.csv")
    bad = owner.post(f"{at}/prices", {"file": (io.BytesIO(b"sku,price\nNOPE,1\n"), "p.csv")})
    with transaction(shop, read_only=True) as session:
        prices = [(row.min_quantity, row.price) for row in prices_of_list(session, made.id)]
    owner.post(f"{at}/prices", {"file": (io.BytesIO(f"sku;price\n{sku};7,00\n".encode()), "p.csv")})
    owner.post(at, {**FORM, "name": "Partners", "tags": ""})
    (edited,) = stored(shop)[0]
    listed = owner.get("~/prices").text, stranger.get("~/prices").text
    gone = owner.post(f"{at}/prices", {"remove": str(variant_id)})
    owner.post(f"{at}/delete")

    assert (made.countries, made.tags, str(made.percent), made.priority) == (
        ["DE", "AT"],
        ["trade", "vip"],
        "-7.500000",
        2,
    )
    assert made.breaks == [{"from": 10, "percent": "-5"}]
    assert prices == [(1, 950), (5, 800)]
    assert ['value="-7.5"' in editor, "Kettle" in editor, "$8.00" in editor] == [True] * 3
    assert file.text.splitlines()[0].startswith("sku,variant_id")
    assert (bad.status_code, "NOPE" in bad.text, gone.status_code) == (422, True, 303)
    assert (edited.name, edited.tags, edited.prices) == ("Partners", [], 1)
    assert ["Partners" in text for text in listed] == [True, False]
    assert stored(shop)[0] == []


@pytest.mark.parametrize(
    ("field", "typed"), [("percent", "ten"), ("countries", "Mars"), ("break_percent", "5"), ("priority", "x")]
)
def test_a_refused_form_shows_what_was_typed(shop: TenantScope, signed_in: SignedIn, field: str, typed: str) -> None:
    answer = signed_in(shop, "owner").post("~/prices/new", {**FORM, field: typed})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Trade"' in answer.text
    assert stored(shop)[0] == []


def test_a_currency_is_offered_and_stopped(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")

    told = {"code": "eur", "rate": "0,9", "rounding": "100-1", "countries": "DE AT"}
    assert owner.post("~/currencies", told).status_code == 303
    rules, page = stored(shop)[1], owner.get("~/currencies").text
    refused = owner.post("~/currencies", {**told, "rate": "0"})
    owner.post("~/currencies", {"stop": "EUR"})

    assert (rules.currencies, rules.price(2_000, "EUR")) == (["USD", "EUR"], 1_799)
    assert "€17.99" in page
    assert refused.status_code == 422
    assert stored(shop)[1].currencies == ["USD"]
    assert stored(other_shop)[1].currencies == ["USD"]


def test_who_may_not_change_prices_changes_nothing(shop: TenantScope, signed_in: SignedIn) -> None:
    viewer = signed_in(shop, "viewer")

    refused = [viewer.post("~/prices/new", FORM), viewer.post("~/currencies", {"code": "EUR", "rate": "1"})]

    assert [answer.status_code for answer in refused] == [403, 403]
    assert viewer.get("~/prices").status_code == 200
    assert stored(shop)[0] == []
