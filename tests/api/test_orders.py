from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fixtures.stores import ADDRESS, Store, read


def order_of(
    store: Store, *, outcome: str = "tok_approved", quantity: int = 1, price: object = 19.99
) -> dict[str, Any]:
    item = {"variant_id": f"variant_{store.variants['Oak Bowl'][0]}", "quantity": quantity, "price": price}
    return {"items": [item], "shipping_address": ADDRESS, "payment_method": {"type": "test", "token": outcome}}


def test_a_paid_order_answers_exactly_this_shape(store: Store) -> None:
    user = store.new_user()
    before = store.stock(store.variants["Oak Bowl"][0])

    response = store.call(
        "POST", "/api/v1/orders", order_of(store, quantity=2) | {"user_id": user["user_id"]}, token=user["token"]
    )

    order = read(response)
    assert response.status_code == 201
    assert sorted(order) == [
        "currency",
        "fulfillments",
        "items",
        "order_id",
        "payments",
        "shipping_address",
        "status",
        "total",
        "tracking_number",
    ]
    # 2 x 19.99, shipping 5.00, and 10 % tax on both.
    assert (order["total"], order["currency"], order["status"]) == (Decimal("49.48"), "USD", "open")
    assert order["shipping_address"] == ADDRESS
    assert [(one["status"], one["amount"]) for one in order["payments"]] == [("success", Decimal("49.48"))]
    assert [(one["name"], one["quantity"], one["price"]) for one in order["items"]] == [
        ("Oak Bowl", 2, Decimal("19.99"))
    ]
    assert (order["tracking_number"], order["fulfillments"]) == (None, [])
    after = store.stock(store.variants["Oak Bowl"][0])
    assert (after[1] - before[1], after[2]) == (2, 0)
    assert read(store.call("GET", f"/api/v1/orders/{order['order_id']}", token=user["token"])) == order
    assert read(store.call("GET", "/api/v1/orders", token=user["token"])) == {
        "orders": [order],
        "total": 1,
        "page": 1,
        "limit": 20,
    }


def test_manual_payment_places_an_order_that_waits_for_its_money(store: Store) -> None:
    token = store.new_user()["token"]

    response = store.call(
        "POST", "/api/v1/orders", order_of(store) | {"payment_method": {"type": "manual"}}, token=token
    )

    assert (response.status_code, read(response)["status"]) == (201, "open")


@pytest.mark.parametrize(
    ("outcome", "code"), [("tok_declined", "card_declined"), ("tok_insufficient_funds", "insufficient_funds")]
)
def test_a_decline_leaves_no_order_and_no_stock_held(store: Store, outcome: str, code: str) -> None:
    token = store.new_user()["token"]
    before = (store.orders(), store.stock(store.variants["Oak Bowl"][0]))

    response = store.call("POST", "/api/v1/orders", order_of(store, outcome=outcome), token=token)

    assert (response.status_code, read(response)["code"]) == (402, code)
    assert (store.orders(), store.stock(store.variants["Oak Bowl"][0])) == before


def test_a_lost_answer_still_makes_one_order(store: Store) -> None:
    token = store.new_user()["token"]

    response = store.call("POST", "/api/v1/orders", order_of(store, outcome="tok_lost_answer"), token=token)

    assert response.status_code == 201
    assert read(store.call("GET", "/api/v1/orders", token=token))["total"] == 1


def test_extra_authentication_names_its_action(store: Store) -> None:
    token = store.new_user()["token"]
    before = store.orders()

    response = store.call("POST", "/api/v1/orders", order_of(store, outcome="tok_requires_action"), token=token)

    problem = read(response)
    assert (response.status_code, problem["code"]) == (402, "requires_action")
    assert problem["action"]["url"].startswith(f"http://{store.host}")
    assert store.orders() == before


def test_a_stale_price_is_409_with_the_present_one(store: Store) -> None:
    token, before = store.new_user()["token"], store.orders()

    response = store.call("POST", "/api/v1/orders", order_of(store, price=18), token=token)

    problem = read(response)
    assert (response.status_code, problem["code"], problem["price"]) == (409, "price_changed", Decimal("19.99"))
    assert store.orders() == before


def test_too_little_stock_is_409_with_what_is_left(store: Store) -> None:
    token, before = store.new_user()["token"], store.orders()
    variant = store.variants["Oak Bowl"][0]
    on_hand, committed, reserved = store.stock(variant)

    response = store.call("POST", "/api/v1/orders", order_of(store, quantity=9_999), token=token)

    problem = read(response)
    assert (response.status_code, problem["code"]) == (409, "out_of_stock")
    assert (problem["item"], problem["available"]) == (f"variant_{variant}", on_hand - committed - reserved)
    assert (store.orders(), store.stock(variant)) == (before, (on_hand, committed, reserved))


def test_an_order_by_product_id_takes_the_variant_of_the_shown_price(store: Store) -> None:
    token = store.new_user()["token"]
    shirt = read(store.call("GET", "/api/v1/products/search?q=shirt"))["products"][0]
    body = order_of(store) | {"items": [{"product_id": shirt["id"], "quantity": 1, "price": shirt["price"]}]}

    order = read(store.call("POST", "/api/v1/orders", body, token=token))

    assert order["items"][0]["variant_id"] == f"variant_{store.variants['Linen Shirt'][0]}"


def test_a_repeat_with_the_same_key_places_one_order(store: Store) -> None:
    token, before = store.new_user()["token"], store.orders()

    first = store.call("POST", "/api/v1/orders", order_of(store), token=token, key="order-1")
    second = store.call("POST", "/api/v1/orders", order_of(store), token=token, key="order-1")
    other = store.call("POST", "/api/v1/orders", order_of(store, price=1), token=token, key="order-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_data() == second.get_data()
    assert (other.status_code, read(other)["code"]) == (422, "idempotency_key_reused")
    assert store.orders() == before + 1


def test_cancel_frees_the_stock_and_refunds(store: Store) -> None:
    token, variant = store.new_user()["token"], store.variants["Oak Bowl"][0]
    before = store.stock(variant)
    order = read(store.call("POST", "/api/v1/orders", order_of(store), token=token))

    canceled = store.call("POST", f"/api/v1/orders/{order['order_id']}/cancel", token=token)

    assert (canceled.status_code, read(canceled)["status"]) == (200, "canceled")
    assert [one["kind"] for one in read(canceled)["payments"]][-1] == "refund"
    assert store.stock(variant) == before


def test_another_customers_order_is_404_and_stays(store: Store) -> None:
    owner, stranger = store.new_user()["token"], store.new_user()["token"]
    order_id = read(store.call("POST", "/api/v1/orders", order_of(store), token=owner))["order_id"]

    shown = store.call("GET", f"/api/v1/orders/{order_id}", token=stranger)
    canceled = store.call("POST", f"/api/v1/orders/{order_id}/cancel", token=stranger)

    assert (shown.status_code, canceled.status_code) == (404, 404)
    assert read(store.call("GET", f"/api/v1/orders/{order_id}", token=owner))["status"] == "open"
    assert read(store.call("GET", "/api/v1/orders", token=stranger))["orders"] == []


def test_another_shops_token_is_401_on_every_order_route(store: Store, other_store: Store) -> None:
    token = store.new_user()["token"]
    order_id = read(store.call("POST", "/api/v1/orders", order_of(store), token=token))["order_id"]
    before = other_store.orders()

    answers = [
        other_store.call("GET", "/api/v1/orders", token=token),
        other_store.call("GET", f"/api/v1/orders/{order_id}", token=token),
        other_store.call("POST", f"/api/v1/orders/{order_id}/cancel", token=token),
        other_store.call("POST", "/api/v1/orders", order_of(other_store), token=token),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 401]
    assert other_store.orders() == before


def test_an_order_for_somebody_else_is_403(store: Store) -> None:
    user, other, before = store.new_user(), store.new_user(), store.orders()

    response = store.call(
        "POST", "/api/v1/orders", order_of(store) | {"user_id": other["user_id"]}, token=user["token"]
    )

    assert (response.status_code, read(response)["code"]) == (403, "user_mismatch")
    assert store.orders() == before


def test_a_buyers_review_is_shown_at_once(store: Store) -> None:
    token = store.new_user()["token"]
    bowl = read(store.call("POST", "/api/v1/orders", order_of(store), token=token))["items"][0]["product_id"]

    written = store.call("POST", f"/api/v1/products/{bowl}/reviews", {"rating": 4, "body": "Fine grain"}, token=token)

    assert (written.status_code, read(written)["status"], read(written)["verified"]) == (201, "published", True)
    reviews = read(store.call("GET", f"/api/v1/products/{bowl}"))["reviews"]
    assert [(review["author"], review["rating"], review["body"]) for review in reviews] == [("Ada", 4, "Fine grain")]
    assert read(store.call("GET", "/api/v1/products/search?q=bowl"))["products"][0]["rating"] == Decimal("4.00")
