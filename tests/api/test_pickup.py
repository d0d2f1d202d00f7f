"""An order that is collected, through both APIs: offered, placed, laid ready, handed over."""

from __future__ import annotations

from decimal import Decimal

from tests.api.admin.apps import App
from tests.api.test_orders import order_of
from tests.fixtures.stores import Store, read

PLACE = {"line1": "5 Harbor Road", "city": "Springfield", "state": "IL", "postal_code": "62701", "country": "US"}


def test_an_order_is_placed_for_pick_up_and_handed_over(store: Store, other_store: Store) -> None:
    admin, stranger = App(store, "*"), App(other_store, "*")
    place = admin.get("/locations")[1]["locations"][0]["id"]
    offered = admin.put(f"/locations/{place}/pickup", {"address": PLACE, "price": 1.5, "ready_hours": 2})
    refused = admin.put(f"/locations/{place}/pickup", {"address": {**PLACE, "postal_code": "1"}})
    listed = read(store.call("GET", "/api/v1/pickup-locations"))["pickup_locations"]
    variant = f"variant_{store.variants['Oak Bowl'][0]}"
    filtered = {
        items: [one["name"] for one in read(store.call("GET", f"/api/v1/pickup-locations?items={items}"))[
            "pickup_locations"
        ]]
        for items in (variant, f"{variant}:2,{variant}", f"{variant}:9999")
    }  # fmt: skip
    odd = [
        store.call("GET", f"/api/v1/pickup-locations?items={items}").status_code
        for items in ("variant_999", "variant_1:0", "prod_1", f"{variant},,")
    ]
    foreign = stranger.delete(f"/locations/{place[:-1]}99/pickup")
    user = store.new_user()["token"]
    body = {name: value for name, value in order_of(store).items() if name != "shipping_address"}
    neither = store.call("POST", "/api/v1/orders", body, token=user)
    unknown = store.call("POST", "/api/v1/orders", {**body, "pickup": {"location_id": "location_999", "name": "Ada"}},
                         token=user)  # fmt: skip
    placed = store.call("POST", "/api/v1/orders", {**body, "pickup": {"location_id": place, "name": "Ada"}}, token=user)
    order = read(placed)
    path = f"/orders/{order['order_id']}"
    steps = [
        stranger.post(f"{path}/ready-for-pickup"),
        admin.post(f"{path}/ready-for-pickup"),
        admin.post(f"{path}/ready-for-pickup"),
        admin.post(f"{path}/picked-up"),
    ]
    ended = admin.delete(f"/locations/{place}/pickup")

    assert (offered[0], offered[1]["locations"][0]["pickup"]["price"]) == (200, Decimal("1.5"))
    assert (refused[0], refused[1]["code"]) == (422, "invalid_pickup")
    assert [(one["location_id"], one["address"]["line1"], one["ready_hours"]) for one in listed] == [
        (place, "5 Harbor Road", 2)
    ]
    assert read(other_store.call("GET", "/api/v1/pickup-locations")) == {"pickup_locations": []}
    assert [len(names) for names in filtered.values()] == [1, 1, 0]
    assert odd == [422, 422, 422, 422]
    assert foreign[0] == 404
    assert (neither.status_code, read(neither)["errors"][0]["pointer"]) == (422, "/shipping_address")
    assert (unknown.status_code, read(unknown)["requirements"][0]["code"]) == (422, "pickup_missing")
    # 19.99 and 1.50 for the place, with 10 % on both.
    assert (placed.status_code, order["total"], order["pickup"]["location_id"]) == (201, Decimal("23.64"), place)
    assert (order["shipping_address"]["name"], order["shipping_address"]["line1"]) == ("Ada", "5 Harbor Road")
    assert [status for status, _ in steps] == [404, 200, 409, 200]
    lies, done = steps[1][1], steps[3][1]
    assert lies["shipping_line"]["pickup_location_id"] == place
    assert (lies["fulfillment_status"], lies["fulfillments"][0]["tracking_status"]) == (
        "in_progress", "available_for_pickup",
    )  # fmt: skip
    assert (done["fulfillment_status"], done["fulfillments"][0]["status"]) == ("fulfilled", "delivered")
    assert (ended[0], ended[1]["locations"][0]["pickup"]) == (200, None)
