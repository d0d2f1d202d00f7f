"""The pages of discounts and of customers' tags, for those who may and those who may not."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, insert, select

from souk.customers.models import Customer
from souk.discounts.models import Discount
from souk.discounts.queries import DiscountView, list_discounts
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.web_dashboard.conftest import SignedIn

FORM = {
    "title": "Summer", "method": "code", "code": "summer", "status": "active", "value_type": "percentage",
    "kind": "order", "value": "12,5", "minimum_subtotal": "50.00", "tags": "VIP, Trade", "combines_with": "shipping",
    "starts_at": "2026-01-01T10:00", "usage_limit": "100", "do": "save",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing(shop: TenantScope) -> None:
    with transaction(shop) as session:
        session.execute(delete(Discount))


def stored(scope: TenantScope) -> list[DiscountView]:
    with transaction(scope, read_only=True) as session:
        return list_discounts(session)[0]


def test_a_discount_is_made_edited_given_codes_and_deleted(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    assert owner.post("~/discounts/new", FORM).status_code == 303
    (made,) = stored(shop)
    editor = owner.get(f"~/discounts/{made.id}").text
    owner.post(f"~/discounts/{made.id}", {**FORM, "value_type": "fixed_amount", "value": "5", "kind": "product"})
    codes = owner.post(f"~/discounts/{made.id}/codes", {"count": "3", "prefix": "sun"})
    file = owner.get(f"~/discounts/{made.id}/codes.csv")
    (edited,) = stored(shop)
    listed = owner.get("~/discounts?q=sun-").text, stranger.get("~/discounts").text
    owner.post(f"~/discounts/{made.id}/delete")

    assert (made.code, made.rules["value"], made.rules["customers"]) == ("SUMMER", "12.5", {"tags": ["trade", "vip"]})
    assert made.rules["minimum"] == {"subtotal": 5_000}
    assert 'value="12.5"' in editor
    assert 'value="2026-01-01T10:00"' in editor
    assert (edited.kind, edited.rules["value"], edited.codes) == ("product", 500, 4)
    assert codes.status_code == 303
    assert file.headers["Content-Disposition"] == f'attachment; filename="codes-{made.id}.csv"'
    assert [line.split(",")[0][:4] for line in file.text.splitlines()] == ["code", "SUMM", "SUN-", "SUN-", "SUN-"]
    assert ["Summer" in text for text in listed] == [True, False]
    assert stored(shop) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"value": "0"}, "A percentage is above 0"),
        ({"value_type": "fixed_amount", "value": "1,000"}, "is not an amount in USD"),
        ({"usage_limit": "many"}, "Uses in total: write a whole number"),
        ({"ends_at": "2025-01-01T10:00"}, "ends before it starts"),
        ({"value_type": "buy_x_get_y"}, "Buys quantity is above 0"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    shop: TenantScope, signed_in: SignedIn, wrong: dict[str, str], sentence: str
) -> None:
    answer = signed_in(shop, "owner").post("~/discounts/new", {**FORM, **wrong})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Summer"' in answer.text
    assert stored(shop) == []


def test_a_simulation_is_shown_and_saves_nothing(shop: TenantScope, signed_in: SignedIn) -> None:
    answer = signed_in(shop, "owner").post("~/discounts/new", {**FORM, "do": "simulate"})

    assert "Had it run over your last 0 orders" in answer.text
    assert 'value="Summer"' in answer.text
    refused = signed_in(shop, "owner").post("~/discounts/new", {**FORM, "do": "simulate", "orders": "1001"})
    assert (refused.status_code, 'name="orders" value="1001"' in refused.text) == (422, True)
    assert stored(shop) == []


def test_who_may_only_look_changes_nothing(shop: TenantScope, signed_in: SignedIn) -> None:
    viewer = signed_in(shop, "viewer")
    with transaction(shop) as session:
        row = insert(Customer).values(email="tagged@example.com").returning(Customer.id)
        customer_id = session.execute(row).scalar_one()

    assert viewer.get("~/discounts").status_code == 200
    assert viewer.post("~/discounts/new", FORM).status_code == 403
    assert viewer.post(f"~/customers/{customer_id}/tags", {"tags": "vip"}).status_code == 403
    assert stored(shop) == []

    signed_in(shop, "owner").post(f"~/customers/{customer_id}/tags", {"tags": " VIP, vip,, Trade "})
    with transaction(shop) as session:
        tags = session.execute(select(Customer.tags).where(Customer.id == customer_id)).scalar_one()
    assert tags == ["trade", "vip"]
