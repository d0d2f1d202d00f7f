"""Orders and customers through the admin API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.api.admin.apps import App
from tests.api.test_orders import order_of
from tests.fixtures.stores import ADDRESS, read


@pytest.fixture
def order(admin: App) -> dict[str, Any]:
    """A paid order of two bowls: 2 x 19.99, shipping 5.00, and 10 % tax on both."""
    return bought(admin, order_of(admin.store, quantity=2))


def bought(admin: App, body: dict[str, Any]) -> dict[str, Any]:
    token = admin.store.new_user()["token"]
    placed = read(admin.store.call("POST", "/api/v1/orders", body, token=token))
    return dict(admin.get(f"/orders/{placed['order_id']}")[1])


def test_an_order_is_read_and_listed(admin: App, other_admin: App, order: dict[str, Any]) -> None:
    assert sorted(order) == [
        "billing_address", "cancel_reason", "canceled_at", "currency", "customer_id", "discount_total",
        "discounts", "email", "external_number", "fields", "financial_status", "fulfillment_status", "fulfillments",
        "hold_reason", "id", "line_items", "name", "note", "number", "payments", "phone", "placed_at",
        "prices_include_tax", "refunds", "risks", "shipping_address", "shipping_line", "shipping_total", "source",
        "status", "subtotal", "tags", "tax_total", "total", "version",
    ]  # fmt: skip
    assert (order["status"], order["financial_status"], order["fulfillment_status"]) == ("open", "paid", "unfulfilled")
    amounts = [order[name] for name in ("subtotal", "shipping_total", "tax_total", "total")]
    assert amounts == [Decimal("39.98"), Decimal("5.00"), Decimal("4.50"), Decimal("49.48")]
    assert order["shipping_address"] == ADDRESS
    assert [(one["title"], one["quantity"], one["price"]) for one in order["line_items"]] == [
        ("Oak Bowl", 2, Decimal("19.99"))
    ]
    assert admin.get("/orders?limit=1")[1]["orders"] == [order]
    assert admin.get(f"/orders?email={order['email'].upper()}&financial_status=paid")[1]["orders"] == [order]
    assert admin.get(f"/orders?customer_id={order['customer_id']}&status=canceled")[1]["orders"] == []
    assert other_admin.get(f"/orders/{order['id']}")[0] == 404
    assert other_admin.get("/orders") == (200, {"orders": [], "next_cursor": None})


def test_an_order_is_sent_in_two_parcels(admin: App, other_admin: App, order: dict[str, Any]) -> None:
    path, line = f"/orders/{order['id']}/fulfillments", order["line_items"][0]["id"]
    body = {"line_items": [{"line_item_id": line, "quantity": 1}], "tracking_number": "T-1"}

    first = admin.post(path, body, key="parcel")
    again = admin.post(path, body, key="parcel")
    rest = admin.post(path)
    more = admin.post(path)

    assert first == again
    assert (first[0], first[1]["fulfillment_status"]) == (201, "partially_fulfilled")
    assert (rest[0], rest[1]["fulfillment_status"]) == (201, "fulfilled")
    assert [(one["tracking_number"], one["items"][0]["quantity"]) for one in rest[1]["fulfillments"]] == [
        ("T-1", 1),
        ("", 1),
    ]
    assert (more[0], more[1]["code"]) == (409, "cannot_fulfill")

    parcel = f"{path}/{first[1]['fulfillments'][0]['fulfillment_id']}"
    assert other_admin.patch(parcel, {"tracking_status": "failure"})[0] == 404
    assert admin.patch(parcel, {"tracking_status": "lost"})[0] == 422
    assert admin.patch(f"{path}/fulfillment_999999", {"tracking_number": "T-9"})[0] == 404
    told = admin.patch(parcel, {"tracking_status": "delivered"})[1]["fulfillments"][0]
    assert (told["status"], told["tracking_status"], told["tracking_number"]) == ("delivered", "delivered", "T-1")


def test_an_order_is_canceled_and_paid_back(admin: App, order: dict[str, Any]) -> None:
    variant = admin.store.variants["Oak Bowl"][0]
    before = admin.store.stock(variant)

    first = admin.post(f"/orders/{order['id']}/cancel", {"reason": "inventory", "note": "Broken"})
    again = admin.post(f"/orders/{order['id']}/cancel")

    assert (first[0], first[1]["status"], first[1]["financial_status"]) == (200, "canceled", "refunded")
    assert first[1]["cancel_reason"] == "inventory"
    assert again == first
    assert admin.store.stock(variant)[1] == before[1] - 2


def test_a_refund_moves_its_money_once(admin: App, order: dict[str, Any]) -> None:
    body = {"amount": 9.5, "reason": "Scratched", "line_items": []}

    first = admin.post(f"/orders/{order['id']}/refunds", body, key="back")
    again = admin.post(f"/orders/{order['id']}/refunds", body, key="back")
    too_much = admin.post(f"/orders/{order['id']}/refunds", body | {"amount": 40})

    assert first == again
    assert (first[0], first[1]["financial_status"]) == (201, "partially_refunded")
    assert [(one["amount"], one["status"], one["reason"]) for one in first[1]["refunds"]] == [
        (Decimal("9.50"), "succeeded", "Scratched")
    ]
    assert (too_much[0], too_much[1]["code"]) == (422, "refund_too_large")
    assert admin.get(f"/orders/{order['id']}")[1] == first[1]


def test_what_a_refund_is_for_says_how_much_it_is(admin: App, other_admin: App, order: dict[str, Any]) -> None:
    path, line = f"/orders/{order['id']}/refunds", order["line_items"][0]["id"]
    one = {"reason": "Broken", "line_items": [{"line_item_id": line, "quantity": 1}]}

    first = admin.post(path, one | {"shipping": 2})
    too_much = [
        admin.post(path, one | wrong)[1]["code"] for wrong in ({"shipping": 3.51}, {"amount": 1, "shipping": 2})
    ]
    rest = admin.post(path, one | {"shipping": 3.5})

    assert [(kept["amount"], kept["shipping"], kept["line_items"][0]["quantity"]) for kept in rest[1]["refunds"]] == [
        (Decimal("23.99"), Decimal("2.00"), 1), (Decimal("25.49"), Decimal("3.50"), 1),
    ]  # fmt: skip
    assert (first[0], too_much) == (201, ["cannot_refund_shipping"] * 2)
    assert rest[1]["financial_status"] == "refunded"
    told = admin.get(f"/orders/{order['id']}/timeline")[1]["events"]
    assert (told[0]["type"], [one["type"] for one in told].count("refund_succeeded")) == ("placed", 2)
    assert told[-1]["actor"].startswith("app:")
    assert other_admin.get(f"/orders/{order['id']}/timeline")[0] == 404


def test_what_the_provider_finds_odd_stands_on_the_order(admin: App) -> None:
    risky = {"payment_method": {"type": "test", "token": "tok_risky"}}
    order = bought(admin, order_of(admin.store) | risky)

    assert [(one["source"], one["level"]) for one in order["risks"]] == [("provider:test_gateway", "high")]
    assert (order["financial_status"], order["status"]) == ("paid", "open")


def test_the_books_are_checked_and_only_what_drifts_is_repaired(admin: App, order: dict[str, Any]) -> None:
    checked = admin.post("/books/checks", {"ask_providers": False})[1]
    assert (checked["total"], checked["drifts"]) == (0, [])
    assert admin.get("/books")[1] == checked
    refused = admin.post("/books/repairs", {"repair": "nothing", "subject_id": 1})
    assert (refused[0], refused[1]["code"]) == (422, "no_repair")
    assert admin.get(f"/orders/{order['id']}")[1] == order


def test_the_same_key_on_another_order_moves_that_orders_money(admin: App, order: dict[str, Any]) -> None:
    other = bought(admin, order_of(admin.store))

    answers = [
        admin.post(f"/orders/{one['id']}/refunds", {"amount": 1, "reason": "Late"}, key="late")
        for one in (order, other)
    ]

    assert [len(answer[1]["refunds"]) for answer in answers] == [1, 1]


def test_a_manual_payment_is_noted_once(admin: App) -> None:
    order = bought(admin, order_of(admin.store) | {"payment_method": {"type": "manual"}})

    paid = admin.post(f"/orders/{order['id']}/mark-paid")
    again = admin.post(f"/orders/{order['id']}/mark-paid")

    assert (order["financial_status"], paid[0], paid[1]["financial_status"]) == ("pending", 200, "paid")
    assert (again[0], again[1]["code"]) == (409, "nothing_to_pay")


@pytest.mark.parametrize("action", ["fulfillments", "cancel", "mark-paid", "refunds"])
def test_another_shop_does_nothing_to_an_order(
    admin: App, other_admin: App, order: dict[str, Any], action: str
) -> None:
    body = {"amount": 1, "reason": "Mine"} if action == "refunds" else None

    assert other_admin.post(f"/orders/{order['id']}/{action}", body)[0] == 404
    assert admin.get(f"/orders/{order['id']}")[1] == order


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("fulfillments", {"line_items": [{"line_item_id": "line_1", "quantity": 0}]}),
        ("fulfillments", {"tracking_url": "javascript:alert(1)"}),
        ("cancel", {"reason": "boredom"}),
        ("refunds", {"amount": 1}),
        ("refunds", {"amount": 1, "reason": "x", "line_items": [{"line_item_id": "line_999999", "quantity": 1}]}),
        ("refunds", {"amount": 0.001, "reason": "x"}),
    ],
)
def test_a_bad_action_is_422_and_changes_nothing(
    admin: App, order: dict[str, Any], action: str, body: dict[str, Any]
) -> None:
    assert admin.post(f"/orders/{order['id']}/{action}", body)[0] == 422
    assert admin.get(f"/orders/{order['id']}")[1] == order


def test_customers_are_listed_and_read(admin: App, other_admin: App, order: dict[str, Any]) -> None:
    status, customer = admin.get(f"/customers/{order['customer_id']}")

    assert status == 200
    assert (customer["email"], customer["name"], customer["orders_count"]) == (order["email"], "Ada", 1)
    assert (customer["registered"], customer["email_proven"], customer["addresses"]) == (True, False, [])
    assert admin.get(f"/customers?email={order['email'].upper()}")[1]["customers"] == [customer]
    assert admin.get("/customers?limit=1")[1]["customers"] == [customer]
    assert other_admin.get(f"/customers/{order['customer_id']}")[0] == 404
    assert other_admin.get("/customers") == (200, {"customers": [], "next_cursor": None})
