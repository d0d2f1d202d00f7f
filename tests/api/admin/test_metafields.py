"""Metafields through the admin API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.admin.apps import App

MATERIAL = {"owner_type": "product", "key": "material", "name": "Material", "type": "single_line_text_field"}


def defined(admin: App, **values: Any) -> dict[str, Any]:
    status, made = admin.post("/metafield-definitions", MATERIAL | values)
    assert status == 201
    return dict(made)


def product(admin: App) -> dict[str, Any]:
    return dict(admin.post("/products", {"title": "Chair", "variants": [{"price": 10}]})[1])


def test_definitions_are_made_listed_and_deleted(admin: App, other_admin: App) -> None:
    made = defined(admin, key="wood", choices=["Oak", "Ash"])

    assert (made["namespace"], made["validations"]) == ("custom", {"choices": ["Oak", "Ash"]})
    assert made in admin.get("/metafield-definitions?owner_type=product")[1]["definitions"]
    assert other_admin.get("/metafield-definitions")[1] == {"definitions": []}
    assert admin.post("/metafield-definitions", MATERIAL | {"key": "wood"})[0] == 409
    assert other_admin.delete(f"/metafield-definitions/{made['id']}")[0] == 404
    assert admin.delete(f"/metafield-definitions/{made['id']}")[0] == 200
    assert made not in admin.get("/metafield-definitions")[1]["definitions"]


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("single_line_text_field", "Oak", "Oak"),
        ("number_integer", 12, 12),
        ("number_decimal", 1.5, "1.5"),
        ("boolean", True, True),
        ("json", {"a": [1, 2]}, {"a": [1, 2]}),
        ("json", [1, 2], [1, 2]),
        ("list.single_line_text_field", ["a", "b"], ["a", "b"]),
        ("weight", {"value": "2", "unit": "kg"}, {"value": "2", "unit": "kg"}),
        ("date", "2026-12-31", "2026-12-31"),
    ],
)
def test_a_value_is_written_read_and_taken_away(admin: App, kind: str, value: Any, kept: Any) -> None:
    key = kind.replace(".", "-") + ("-list" if isinstance(value, list) else "")
    defined(admin, key=key, type=kind)
    path = f"/products/{product(admin)['id']}"

    status, answer = admin.patch(f"{path}/metafields", {"metafields": {f"custom.{key}": value}})

    assert (status, answer) == (200, {"metafields": {f"custom.{key}": kept}})
    assert admin.get(path)[1]["metafields"] == {f"custom.{key}": kept}
    assert admin.patch(f"{path}/metafields", {"metafields": {f"custom.{key}": None}})[1] == {"metafields": {}}


def test_variants_and_collections_have_their_own(admin: App, other_admin: App) -> None:
    defined(admin, owner_type="variant", key="note")
    defined(admin, owner_type="collection", key="note")
    variant = product(admin)["variants"][0]["id"]
    collection = admin.post("/collections", {"title": "Chairs"})[1]["id"]
    body = {"metafields": {"custom.note": "New"}}

    for path in (f"/variants/{variant}", f"/collections/{collection}"):
        assert other_admin.patch(f"{path}/metafields", body)[0] in {404, 422}
        assert admin.get(path)[1]["metafields"] == {}
        assert admin.patch(f"{path}/metafields", body) == (200, {"metafields": {"custom.note": "New"}})
        assert admin.get(path)[1]["metafields"] == {"custom.note": "New"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"custom.nothing": "x"}, "undefined_metafield"),
        ({"custom.count": "many"}, "metafield_invalid"),
        ({}, "invalid_fields"),
    ],
)
def test_a_bad_value_is_422_and_changes_nothing(admin: App, values: dict[str, Any], code: str) -> None:
    admin.post("/metafield-definitions", MATERIAL | {"key": "count", "type": "number_integer"})
    path = f"/products/{product(admin)['id']}"
    before = admin.get(path)

    status, problem = admin.patch(f"{path}/metafields", {"metafields": values})

    assert (status, problem["code"]) == (422, code)
    assert admin.get(path) == before
