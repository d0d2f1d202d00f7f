"""Gift cards through the admin API."""

from __future__ import annotations

from decimal import Decimal

from tests.api.admin.apps import App
from tests.fixtures.stores import Store


def test_a_card_is_issued_read_listed_and_stopped(admin: App, other_admin: App) -> None:
    status, made = admin.post("/gift_cards", {"amount": 40, "recipient": {"name": "Bea"}, "note": "fair"})
    path = f"/gift_cards/{made['id']}"

    assert status == 201
    assert (len(made["code"]), made["code"][-4:]) == (19, made["last_characters"])
    read = admin.get(path)[1]
    assert (read["code"], read["balance"], read["recipient"]["name"]) == (None, Decimal("40.00"), "Bea")
    assert [one["id"] for one in admin.get("/gift_cards?kind=gift_card")[1]["gift_cards"]] == [made["id"]]
    assert admin.get("/gift_cards?kind=store_credit")[1]["gift_cards"] == []
    assert other_admin.get(path)[0] == 404
    assert other_admin.patch(path, {"status": "disabled"})[0] == 404
    assert other_admin.get("/gift_cards")[1]["gift_cards"] == []
    assert admin.get(path)[1]["status"] == "active"
    changed = admin.post(f"{path}/adjustments", {"action": "take_off", "amount": 15, "note": "worn"})
    assert changed[0] == 201
    assert admin.post(f"{path}/adjustments", {"action": "take_off", "amount": 25.01})[0] == 422
    assert other_admin.post(f"{path}/adjustments", {"action": "add", "amount": 1})[0] == 404
    moved = admin.get(f"{path}/movements")[1]
    assert moved == changed[1]
    assert [(one["kind"], one["amount"], one["balance"]) for one in moved["movements"]] == [
        ("adjusted", Decimal("-15.00"), Decimal("25.00")), ("issued", Decimal("40.00"), Decimal("40.00")),
    ]  # fmt: skip
    assert other_admin.get(f"{path}/movements")[0] == 404
    assert admin.patch(path, {"status": "disabled"})[1]["status"] == "disabled"
    for wrong in ({"amount": 0}, {"amount": 1.005}, {"amount": 5, "recipient": {"email": "no address"}}):
        assert admin.post("/gift_cards", wrong)[0] == 422, wrong
    assert len(admin.get("/gift_cards")[1]["gift_cards"]) == 1


def test_store_credit_is_granted_and_taken_back_once_for_each_key(admin: App, other_admin: App, store: Store) -> None:
    path = f"/customers/{store.new_user()['user_id']}/store_credit"
    assert admin.get(path)[0] == 404
    granted = [admin.post(path, {"amount": 12.5, "note": "a late parcel"}, key="late") for _ in range(2)]
    assert [(status, one["balance"], one["kind"]) for status, one in granted] == [
        (200, Decimal("12.50"), "store_credit")
    ] * 2  # fmt: skip
    assert admin.post(path, {"amount": 13}, key="late")[0] == 422
    for wrong in ({"amount": 0}, {"action": "take_back", "amount": 12.51}, {"amount": 1, "action": "steal"}):
        assert admin.post(path, wrong)[0] == 422, wrong
    for foreign in (other_admin, App(store, "read_gift_cards")):
        assert foreign.post(path, {"amount": 1})[0] in {403, 404}
    assert admin.post("/customers/user_999999/store_credit", {"amount": 1})[0] == 404
    assert admin.get(path)[1]["balance"] == Decimal("12.50")

    assert admin.post(path, {"action": "take_back", "amount": 12.5})[1]["balance"] == 0
    assert other_admin.get("/gift_cards?kind=store_credit")[1]["gift_cards"] == []
