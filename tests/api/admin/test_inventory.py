"""Stock through the admin API: numbers, compare-and-set, and a key that counts once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.api.admin.apps import App


@pytest.fixture
def variant(admin: App) -> str:
    body = {"title": "Counted", "variants": [{"price": 10}]}
    variant_id: str = admin.post("/products", body)[1]["variants"][0]["id"]
    admin.post("/inventory/set", {"variant_id": variant_id, "on_hand": 10})
    return variant_id


def level(app: App, variant_id: str) -> dict[str, Any]:
    return dict(app.get(f"/inventory?variant_id={variant_id}")[1]["levels"][0])


def test_a_level_is_set_and_listed(admin: App, other_admin: App, variant: str) -> None:
    status, answer = admin.post("/inventory/set", {"variant_id": variant, "on_hand": 25})

    assert status == 200
    assert sorted(answer) == [
        "available", "committed", "incoming", "location_id", "on_hand", "product_id", "reserved", "variant_id",
        "version",
    ]  # fmt: skip
    assert (answer["on_hand"], answer["available"], answer["committed"]) == (25, 25, 0)
    assert level(admin, variant) == answer
    assert admin.get(f"/inventory?location_id={answer['location_id']}&limit=1")[1]["levels"] == [answer]
    assert other_admin.get(f"/inventory?variant_id={variant}")[1]["levels"] == []
    assert other_admin.post("/inventory/set", {"variant_id": variant, "on_hand": 0})[0] == 404
    assert level(admin, variant) == answer


def test_an_adjustment_is_added(admin: App, other_admin: App, variant: str) -> None:
    status, answer = admin.post("/inventory/adjust", {"variant_id": variant, "delta": -3, "reason": "damaged"})

    assert (status, answer["on_hand"]) == (200, 7)
    assert other_admin.post("/inventory/adjust", {"variant_id": variant, "delta": 1})[0] == 404
    assert level(admin, variant) == answer


def test_a_repeat_with_its_key_counts_once(admin: App, variant: str) -> None:
    answers = [admin.post("/inventory/adjust", {"variant_id": variant, "delta": 5}, key="plus-5") for _ in range(2)]

    assert answers[0] == answers[1]
    assert level(admin, variant)["on_hand"] == 15


@pytest.mark.parametrize(("path", "change"), [("/inventory/set", {"on_hand": 3}), ("/inventory/adjust", {"delta": 1})])
def test_a_change_over_a_newer_one_is_refused_with_the_newer_numbers(
    admin: App, variant: str, path: str, change: dict[str, int]
) -> None:
    seen = level(admin, variant)["version"]
    admin.post("/inventory/set", {"variant_id": variant, "on_hand": 40, "version": seen})

    status, problem = admin.post(path, {"variant_id": variant, "version": seen} | change)

    now = level(admin, variant)
    assert (status, problem["code"], problem["level"]) == (409, "stale_inventory", now)
    assert now["on_hand"] == 40


def test_of_two_who_saw_the_same_number_one_wins(admin: App, variant: str) -> None:
    seen, statuses = level(admin, variant)["version"], []

    def change(quantity: int) -> None:
        body = {"variant_id": variant, "on_hand": quantity, "version": seen}
        statuses.append(admin.post("/inventory/set", body)[0])

    buyers = [threading.Thread(target=change, args=(quantity,)) for quantity in (20, 30)]
    for one in buyers:
        one.start()
    for one in buyers:
        one.join()

    assert sorted(statuses) == [200, 409]
    assert level(admin, variant)["on_hand"] in {20, 30}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"variant_id": "variant_99999", "on_hand": 1}, 404),
        ({"location_id": "location_99999", "on_hand": 1}, 404),
        ({"on_hand": 10**9}, 422),
        ({"on_hand": "1"}, 422),
        ({"on_hand": 1, "colour": "red"}, 422),
        ({"on_hand": -1}, 409),
    ],
)
def test_a_bad_count_changes_nothing(admin: App, variant: str, body: dict[str, Any], status: int) -> None:
    before = level(admin, variant)

    assert admin.post("/inventory/set", {"variant_id": variant} | body)[0] == status
    assert level(admin, variant) == before


def test_the_places_are_listed(admin: App) -> None:
    status, answer = admin.get("/locations")

    assert status == 200
    assert [(one["name"], one["active"]) for one in answer["locations"]] == [("Main", True)]
