"""Gift cards through the admin API."""

from __future__ import annotations

from decimal import Decimal

from tests.api.admin.apps import App


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
    assert admin.patch(path, {"status": "disabled"})[1]["status"] == "disabled"
    for wrong in ({"amount": 0}, {"amount": 1.005}, {"amount": 5, "recipient": {"email": "no address"}}):
        assert admin.post("/gift_cards", wrong)[0] == 422, wrong
    assert len(admin.get("/gift_cards")[1]["gift_cards"]) == 1
