"""Price lists and currencies through the admin API, and what the shop API shows of them."""

from __future__ import annotations

from decimal import Decimal

from tests.api.admin.apps import App
from tests.api.test_orders import order_of
from tests.fixtures.stores import Store, read

TRADE = {
    "name": "Trade", "currency": "EUR", "percent": "-10", "countries": ["DE"],
    "quantity_breaks": [{"min_quantity": 10, "percent": "-50"}],
}  # fmt: skip


def test_a_list_is_made_priced_changed_and_deleted(admin: App, other_admin: App, store: Store) -> None:
    assert admin.post("/price_lists", TRADE)[0] == 422
    rate = {"rate": "0.9", "step": 5, "countries": ["DE"]}
    status, offered = admin.put("/currencies/EUR", rate)
    assert (status, offered["base"], offered["currencies"][0]["example"]) == (200, "USD", Decimal("90.00"))
    status, made = admin.post("/price_lists", TRADE)
    path, variant = f"/price_lists/{made['id']}", f"variant_{next(iter(store.variants.values()))[0]}"
    assert (status, made["percent"], made["status"], made["prices"]) == (201, "-10", "active", 0)
    prices = {"prices": [{"variant_id": variant, "price": 3}, {"variant_id": variant, "min_quantity": 5, "price": 2}]}
    status, told = admin.post(f"{path}/prices", prices)
    assert (status, told["currency"], [one["price"] for one in told["prices"]]) == (
        200,
        "EUR",
        [Decimal(3), Decimal(2)],
    )
    product = next(one for one in read(store.call("GET", "/api/v1/products/search?limit=100"))["products"])
    at = f"/api/v1/products/{product['id']}"
    shown = {query: read(store.call("GET", f"{at}{query}")) for query in ("", "?currency=EUR", "?country=DE")}
    assert [one["currency"] for one in shown.values()] == ["USD", "EUR", "EUR"]
    assert shown[""]["price"] == product["price"]
    assert shown["?country=DE"]["price"] < shown["?currency=EUR"]["price"]
    assert shown["?country=DE"]["variants"][0]["quantity_breaks"]
    assert store.call("GET", f"{at}?currency=GBP").status_code == 422
    found = read(store.call("GET", "/api/v1/products/search?currency=EUR&country=DE&limit=100"))["products"]
    assert {one["currency"] for one in found} == {"EUR"}
    changed = admin.patch(path, {"percent": None, "status": "disabled"})[1]
    assert (changed["percent"], changed["status"], changed["name"]) == (None, "disabled", "Trade")
    assert admin.post(f"{path}/prices", {"clear": [variant]})[1]["prices"] == []
    for method, where in (("GET", path), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/prices")):
        body = {"PATCH": {"name": "Mine"}, "POST": {}}.get(method)
        assert other_admin.send(method, where, body).status_code == 404
    assert other_admin.get("/price_lists")[1]["price_lists"] == []
    assert [one["id"] for one in admin.get("/price_lists")[1]["price_lists"]] == [made["id"]]
    assert admin.delete(path)[0] == 200
    assert admin.get(path)[0] == 404


def test_an_order_is_placed_in_the_currency_that_was_asked_for(admin: App, store: Store) -> None:
    admin.put("/currencies/EUR", {"rate": "0.5"})
    user = store.new_user()
    places = {code: order_of(store, price=price) | {"currency": code} for code, price in
              (("EUR", 10), ("", 19.99), ("GBP", 10))}  # fmt: skip
    answers = {code: store.call("POST", "/api/v1/orders", body, token=user["token"]) for code, body in places.items()}
    told = {code: read(answer) for code, answer in answers.items()}
    assert [answer.status_code for answer in answers.values()] == [201, 201, 422]
    assert (told["EUR"]["currency"], told[""]["currency"]) == ("EUR", "USD")
    assert (told["EUR"]["items"][0]["price"], told[""]["items"][0]["price"]) == (Decimal("10.00"), Decimal("19.99"))
    assert told["GBP"]["code"] == "currency_not_sold"
    stale = store.call(
        "POST", "/api/v1/orders", order_of(store, price=19.99) | {"currency": "EUR"}, token=user["token"]
    )
    assert (stale.status_code, read(stale)["code"]) == (409, "price_changed")
