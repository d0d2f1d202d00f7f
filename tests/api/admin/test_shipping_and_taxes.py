"""Zones, profiles and the tax table through the admin API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.api.admin.apps import App
from tests.fixtures.stores import Store

FREIGHT = {"title": "Freight", "price": 49, "price_per_kg": 0.5, "min_weight_grams": 1000, "min_days": 5, "max_days": 9}
ZONE = {"name": "Alps", "countries": ["AT", "CH", "DE/87500-87600"], "profile": "Bulky", "rates": [FREIGHT]}
RATE = {"country": "EE", "name": "Käibemaks", "percentage": "22", "valid_to": "2025-06-30"}


def codes_of(answers: list[tuple[int, Any]]) -> list[tuple[int, str]]:
    return [(status, answer["code"]) for status, answer in answers]


def test_a_zone_is_made_changed_and_deleted(admin: App, other_admin: App, store: Store) -> None:
    reader, variant = App(store, "read_settings"), next(iter(store.variants.values()))[0]
    before = admin.get("/shipping_zones")[1]["zones"]
    refused = [
        reader.post("/shipping_zones", ZONE),
        admin.post("/shipping_zones", {**ZONE, "countries": ["ZZ"]}),
        admin.post("/shipping_zones", {**ZONE, "rates": [FREIGHT, FREIGHT]}),
        admin.post("/shipping_zones", {**ZONE, "rates": [{**FREIGHT, "price": 0.001}]}),
    ]
    assert codes_of(refused) == [
        (403, "missing_permission"), (422, "shipping_zone_invalid"), (422, "shipping_zone_invalid"),
        (422, "invalid_amount"),
    ]  # fmt: skip
    assert reader.get("/shipping_zones")[1]["zones"] == before

    status, made = admin.post("/shipping_zones", ZONE)
    path = f"/shipping_zones/{made['id']}"
    kept = {"code": "freight", "max_weight_grams": None, "min_subtotal": None, "max_subtotal": None}
    assert (status, made["rates"]) == (
        201, [{**FREIGHT, **kept, "price": Decimal("49.00"), "price_per_kg": Decimal("0.50")}]
    )  # fmt: skip
    assert codes_of([admin.post("/shipping_zones", {**ZONE, "name": "Again"})]) == [(422, "shipping_country_taken")]
    renamed = admin.patch(path, {"name": "High Alps"})[1]
    assert renamed == {**made, "name": "High Alps"} == reader.get(path)[1]
    changed = admin.patch(path, {"rates": [{"code": "freight", "title": "Lorry", "price": 0}]})[1]
    assert [(one["code"], one["title"], one["price"], one["price_per_kg"]) for one in changed["rates"]] == [
        ("freight", "Lorry", Decimal("0.00"), None)
    ]

    assert admin.patch(f"/variants/variant_{variant}", {"shipping_profile": "Bulky"})[1]["shipping_profile"] == "Bulky"
    told = admin.patch("/shipping_profiles", {"name": "Bulky", "new_name": "Lorries"})[1]["profiles"]
    assert told == [{"name": "Lorries", "zones": 1, "variants": 1}] == reader.get("/shipping_profiles")[1]["profiles"]
    assert reader.get(path)[1]["profile"] == admin.get(f"/variants/variant_{variant}")[1]["shipping_profile"]
    assert [other_admin.send(method, path, {}).status_code for method in ("GET", "PATCH", "DELETE")] == [404] * 3
    assert other_admin.get("/shipping_profiles")[1]["profiles"] == []
    assert admin.delete(path) == (200, {"id": made["id"], "deleted": True})
    assert admin.get("/shipping_zones")[1]["zones"] == before
    admin.patch(f"/variants/variant_{variant}", {"shipping_profile": ""})


def test_a_dated_rate_is_made_found_changed_and_deleted(admin: App, other_admin: App, store: Store) -> None:
    reader = App(store, "read_settings")
    status, made = admin.post("/tax_rates", RATE)
    later = admin.post("/tax_rates", {**RATE, "percentage": "24", "valid_from": "2025-07-01", "valid_to": None})[1]
    path = f"/tax_rates/{made['id']}"
    assert (status, made["tax_class"], made["valid_from"], made["valid_to"]) == (201, "standard", None, "2025-06-30")

    def percentages(query: str) -> list[str]:
        return [one["percentage"] for one in reader.get(f"/tax_rates?country=EE{query}")[1]["tax_rates"]]

    days = [percentages(f"&on={day}") for day in ("2025-06-30", "2025-07-01")]
    assert (percentages(""), days) == (["24", "22"], [["22"], ["24"]])
    page = reader.get("/tax_rates?country=EE&limit=1")[1]
    assert percentages(f"&limit=1&after={page['next_cursor']}") == ["22"]
    refused = [
        reader.patch(path, {"percentage": "1"}), admin.patch(path, {"province": "XX"}),
        admin.patch(path, {"valid_from": "2026-01-01"}), admin.post("/tax_rates", RATE),
        admin.patch(path, {"valid_to": "yesterday"}),
    ]  # fmt: skip
    assert codes_of(refused) == [
        (403, "missing_permission"), (422, "tax_rate_invalid"), (422, "tax_rate_invalid"), (409, "tax_rate_taken"),
        (422, "invalid_fields"),
    ]  # fmt: skip
    assert reader.get(path)[1] == made
    assert admin.patch(path, {"tax_class": "reduced", "percentage": "9"})[1] == {
        **made, "tax_class": "reduced", "percentage": "9",
    }  # fmt: skip
    classes = {one["name"]: one["rates"] for one in reader.get("/tax_classes")[1]["tax_classes"]}
    assert (classes["reduced"], "standard" in classes) == (1, True)
    assert [other_admin.send(method, path, {}).status_code for method in ("GET", "PATCH", "DELETE")] == [404] * 3
    assert other_admin.get("/tax_rates?country=EE")[1]["tax_rates"] == []
    assert {admin.delete(f"/tax_rates/{one['id']}")[0] for one in (made, later)} == {200}


@pytest.mark.parametrize(("number", "status"), [("de 136 695 976", 200), ("DE136695975", 422)])
def test_the_rules_are_kept_or_refused_whole(admin: App, other_admin: App, number: str, status: int) -> None:
    before = admin.get("/tax_rules")[1]
    kept = {"vat_number": "DE136695976", "export_at_net": True, "shipping": "goods"}

    answered = admin.put("/tax_rules", {**kept, "vat_number": number})

    assert answered[0] == status
    assert admin.get("/tax_rules")[1] == (kept if status == 200 else before)
    assert other_admin.get("/tax_rules")[1] == {"vat_number": "", "export_at_net": False, "shipping": "rates"}


def test_the_union_is_filled_once(admin: App, other_admin: App) -> None:
    assert [admin.post("/tax_rates/union", {})[1]["added"] for _ in range(2)] == [27, 0]
    assert other_admin.get("/tax_rates?country=FR")[1]["tax_rates"] == []
