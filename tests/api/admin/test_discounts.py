"""Discounts through the admin API, and what orders say of them."""

from __future__ import annotations

from decimal import Decimal

from tests.api.admin.apps import App
from tests.api.admin.test_orders import bought
from tests.api.test_orders import order_of
from tests.fixtures.stores import read

SPRING = {
    "title": "Spring", "code": "spring25", "value": 25, "discount_class": "order", "combines_with": ["shipping"],
    "minimum_subtotal": 10.5, "per_customer": 1, "budget": 100,
}  # fmt: skip


def test_a_discount_is_made_changed_listed_and_deleted(admin: App, other_admin: App) -> None:
    status, made = admin.post("/discounts", SPRING)
    path = f"/discounts/{made['id']}"

    assert status == 201
    assert (made["code"], made["value"], made["minimum_subtotal"]) == ("SPRING25", Decimal(25), Decimal("10.50"))
    assert (made["state"], made["codes_count"], made["used_count"], made["spent"]) == ("active", 1, 0, Decimal("0.00"))
    changed = admin.patch(path, {"value": 30, "budget": None})[1]
    assert (changed["value"], changed["budget"], changed["title"]) == (Decimal(30), None, "Spring")
    assert changed["combines_with"] == ["shipping"]
    assert [one["id"] for one in admin.get("/discounts?code=SPRING25&method=code")[1]["discounts"]] == [made["id"]]
    assert admin.get("/discounts?code=NOPE")[1]["discounts"] == []
    assert admin.post(f"{path}/codes", {"count": 3, "prefix": "many"}) == (201, {"made": 3})
    codes = admin.get(f"{path}/codes")[1]["codes"]
    assert [one["usage_limit"] for one in codes] == [None, 1, 1, 1]
    assert all(one["code"].startswith("MANY-") for one in codes[1:])
    for method, where in (("GET", path), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/codes")):
        body = {"PATCH": {"value": 1}, "POST": {"count": 1}}.get(method)
        assert other_admin.send(method, where, body).status_code == 404
    assert other_admin.get("/discounts")[1]["discounts"] == []
    assert admin.get(path)[1]["value"] == Decimal(30)
    assert admin.delete(path)[0] == 200
    assert admin.get(path)[0] == 404


def test_what_cannot_be_is_refused_in_a_sentence(admin: App) -> None:
    free = admin.post("/discounts", {"title": "Free", "code": "TAKEN", "value": 5})
    cases = [
        ({**SPRING, "value": 101}, 422, "discount_invalid"),
        ({**SPRING, "value_type": "buy_x_get_y"}, 422, "discount_invalid"),
        ({**SPRING, "code": "TAKEN"}, 409, "discount_code_taken"),
        ({**SPRING, "code": "no/slash"}, 422, "discount_invalid"),
        ({**SPRING, "applies_to": {"product_ids": ["prod_999999999"]}}, 422, "unknown_reference"),
        ({**SPRING, "value_type": "fixed_amount", "value": 1.005}, 422, "invalid_amount"),
    ]
    for body, status, code in cases:
        answer = admin.post("/discounts", body)
        assert (answer[0], answer[1]["code"]) == (status, code), body
    assert [one["id"] for one in admin.get("/discounts")[1]["discounts"]] == [free[1]["id"]]
    admin.delete(f"/discounts/{free[1]['id']}")


def test_a_discount_is_tried_on_past_orders_before_it_is_saved(admin: App, other_admin: App) -> None:
    order = bought(admin, order_of(admin.store, quantity=2))
    everything = {"title": "All", "value": 100, "orders": 1}

    tried = admin.post("/discounts/simulate", everything)[1]

    assert (tried["orders"], tried["hits"], tried["zero"], tried["saved"]) == (1, 1, 1, Decimal("39.98"))
    assert [(one["order_id"], one["reaches_zero"]) for one in tried["warnings"]] == [(order["id"], True)]
    assert admin.post("/discounts/simulate", {**everything, "value": 101})[1]["code"] == "discount_invalid"
    assert other_admin.post("/discounts/simulate", everything)[1]["orders"] == 0
    assert admin.get("/discounts")[1]["discounts"] == []


def test_an_order_by_the_shop_api_takes_codes_and_explains_its_prices(admin: App) -> None:
    made = admin.post("/discounts", {"title": "Quarter", "code": "QUARTER", "value": 25})[1]
    body = order_of(admin.store, quantity=2)
    token = admin.store.new_user()["token"]

    refused = admin.store.call("POST", "/api/v1/orders", {**body, "discount_codes": ["NOPE"]}, token=token)
    order = bought(admin, {**body, "discount_codes": ["quarter"]})

    assert (refused.status_code, read(refused)["code"]) == (422, "discount_code_unknown")
    assert [(one["title"], one["code"], one["discount_class"], one["amount"]) for one in order["discounts"]] == [
        ("Quarter", "QUARTER", "order", Decimal("10.00"))
    ]
    # 39.98 less 10.00, 5.00 for sending, 10 % tax on both.
    assert (order["discount_total"], order["total"]) == (Decimal("10.00"), Decimal("38.48"))
    (line,) = order["line_items"]
    assert [(step["step"], step.get("amount")) for step in line["price_trace"]] == [
        ("base", Decimal("19.99")),
        ("quantity", Decimal("39.98")),
        ("discount", Decimal("-10.00")),
        ("tax", Decimal("3.00")),
        ("rounding", None),
    ]
    assert admin.get(f"/discounts/{made['id']}")[1]["used_count"] == 1
    admin.delete(f"/discounts/{made['id']}")
