"""Metafields through the admin API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.admin.apps import App
from tests.fixtures.stores import Store, read
from tests.fixtures.watching import sent_statements

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


def test_a_definition_is_changed_and_offered_to_shoppers(admin: App, other_admin: App) -> None:
    made = defined(admin, key="grain", choices=["Oak", "Ash"], filterable=True)
    path, facet = (
        f"/metafield-definitions/{made['id']}",
        {"source": "metafield.custom.grain", "label": MATERIAL["name"]},
    )
    assert facet in admin.get("/search/settings")[1]["facets"]

    assert other_admin.patch(path, {"name": "Theirs"})[0] == 404
    status, changed = admin.patch(path, {"name": "Grain", "choices": None, "maximum": 9, "filterable": False})

    assert (status, changed["name"], changed["validations"]) == (200, "Grain", {"max": 9})
    assert (changed["filterable"], changed["storefront"]) == (False, True)
    assert facet not in admin.get("/search/settings")[1]["facets"]
    assert admin.patch("/search/settings", {"facets": [facet]})[0] == 200
    listed = admin.get("/metafield-definitions")[1]["definitions"]
    assert [one["filterable"] for one in listed if one["id"] == made["id"]] == [True]
    assert admin.delete(path)[0] == 200
    assert admin.get("/search/settings")[1]["facets"] == []
    for wrong in ({"owner_type": "variant"}, {"type": "product_reference", "key": "with"}):
        assert admin.post("/metafield-definitions", MATERIAL | wrong | {"filterable": True})[0] == 422


def test_a_reference_is_written_by_the_name_it_is_known_by(admin: App, other_admin: App) -> None:
    defined(admin, key="goes-with", type="list.product_reference")
    other = dict(admin.post("/products", {"title": "Foot stool", "variants": [{"price": 10}]})[1])
    number = int(other["id"].removeprefix("prod_"))
    theirs = dict(other_admin.post("/products", {"title": "Their stool", "variants": [{"price": 10}]})[1])
    path = f"/products/{product(admin)['id']}/metafields"

    names = [other["handle"], f"https://shop.example/products/{other['handle']}?variant=1", number]
    good = admin.patch(path, {"metafields": {"custom.goes-with": names}})
    bad = admin.patch(path, {"metafields": {"custom.goes-with": [theirs["handle"]]}})

    assert good == (200, {"metafields": {"custom.goes-with": [number] * 3}})
    assert (bad[0], "no product has the address 'their-stool'" in bad[1]["detail"]) == (422, True)


def test_many_entries_are_listed_by_as_many_statements_as_one(admin: App, other_admin: App) -> None:
    kind = {
        "type": "maker",
        "name": "Makers",
        "fields": [{"key": "place", "name": "Place", "type": "single_line_text_field"}],
    }
    assert admin.post("/metaobject-definitions", kind)[0] == 201
    sent = []
    for title in ("Ada", "Grace", "Joan"):
        assert admin.post("/metaobjects", {"type": "maker", "title": title, "fields": {}})[0] == 201
        with sent_statements(admin.store.scope) as statements:
            shown = admin.get("/metaobjects?type=maker")[1]["metaobjects"]
        # Which shop a host belongs to is remembered for a while, and may have to be read again in between.
        sent.append([statement for statement in statements if "control.tenants" not in statement])
        assert {one["type"] for one in shown} == {"maker"}

    assert len(shown) == 3
    assert len({len(each) for each in sent}) == 1, sent
    assert other_admin.get("/metaobjects")[1]["metaobjects"] == []


def test_entries_are_defined_made_referred_to_and_shown(admin: App, other_admin: App) -> None:
    chart = {"type": "size_chart", "name": "Size charts", "fields": [
        {"key": "text", "name": "Text", "type": "rich_text_field", "required": True},
        {"key": "widest", "name": "Widest", "type": "number_integer", "maximum": 99}]}  # fmt: skip
    status, kind = admin.post("/metaobject-definitions", chart)
    made = admin.post("/metaobjects", {"type": "size_chart", "title": "Shirts", "fields": {"text": "<b>M</b>"}})
    entry = made[1]
    defined(admin, key="chart", type="metaobject_reference", metaobject="size_chart")
    path = f"/products/{product(admin)['id']}/metafields"
    written = admin.patch(path, {"metafields": {"custom.chart": "shirts"}})

    assert (status, kind["entries"], kind["fields"][1]["maximum"]) == (201, 0, 99)
    assert (made[0], entry["handle"], entry["fields"]) == (201, "shirts", {"text": "<b>M</b>"})
    assert written == (200, {"metafields": {"custom.chart": int(entry["id"].removeprefix("metaobject_"))}})
    assert admin.post("/metaobject-definitions", chart)[0] == 409
    assert admin.delete(f"/metaobject-definitions/{kind['id']}")[1]["code"] == "metaobject_definition_used"
    assert admin.patch(f"/metaobjects/{entry['id']}", {"fields": {"text": None}})[0] == 422
    assert admin.patch(f"/metaobjects/{entry['id']}", {"fields": {"widest": 100}})[0] == 422
    assert admin.patch(f"/metaobjects/{entry['id']}", {"fields": {"widest": 9}})[1]["fields"]["widest"] == 9
    assert admin.get("/metaobjects?type=size_chart")[1]["metaobjects"] == [admin.get(f"/metaobjects/{entry['id']}")[1]]
    assert other_admin.get("/metaobjects")[1]["metaobjects"] == []
    assert other_admin.get("/metaobjects?type=size_chart")[0] == 422

    def shown(store: Store) -> tuple[int, Any]:
        answer = store.call("GET", "/api/v1/metaobjects/size_chart")
        return answer.status_code, read(answer).get("total")

    assert shown(admin.store) == (200, 1)
    assert read(admin.store.call("GET", "/api/v1/metaobjects/size_chart/shirts"))["fields"]["widest"] == 9
    assert shown(other_admin.store) == (404, None)
    admin.patch(f"/metaobject-definitions/{kind['id']}", {"storefront": False})
    assert shown(admin.store) == (404, None)
    assert admin.delete(f"/metaobjects/{entry['id']}")[0] == 200
    assert admin.get(path.removesuffix("/metafields"))[1]["metafields"] == {}


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
