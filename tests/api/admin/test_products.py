"""Products and variants through the admin API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.api.admin.apps import App

SHIRT = {
    "title": "Wool Shirt",
    "options": ["Size", "Color"],
    "variants": [
        {"options": {"Size": "S", "Color": "Red"}, "price": 30.5, "sku": "WS-S"},
        {"options": {"Size": "M", "Color": "Red"}, "price": 32, "compare_at_price": 40, "weight_grams": 300},
    ],
    "tags": ["wool", "warm"],
    "specifications": [{"name": "Material", "value": "Wool"}],
    "status": "active",
}


def made(admin: App, **values: Any) -> dict[str, Any]:
    status, product = admin.post("/products", SHIRT | values)
    assert status == 201
    return dict(product)


def test_a_product_is_made_read_and_listed(admin: App, other_admin: App) -> None:
    product = made(admin)

    assert sorted(product) == [
        "available", "category", "category_id", "collection_ids", "created_at", "currency", "description_html",
        "handle", "id", "media", "metafields", "options", "product_type", "published_at", "rating", "rating_count",
        "seo_description", "seo_title", "specifications", "status", "tags", "template_suffix", "title", "updated_at",
        "variants", "vendor", "version",
    ]  # fmt: skip
    assert (product["handle"], product["status"], product["currency"]) == ("wool-shirt", "active", "USD")
    assert product["options"] == [{"name": "Size", "values": ["S", "M"]}, {"name": "Color", "values": ["Red"]}]
    assert [(one["title"], one["price"], one["compare_at_price"]) for one in product["variants"]] == [
        ("S / Red", Decimal("30.50"), None),
        ("M / Red", Decimal("32.00"), Decimal("40.00")),
    ]
    assert product["variants"][0]["options"] == {"Size": "S", "Color": "Red"}
    assert admin.get(f"/products/{product['id']}") == (200, product)
    assert admin.get("/products?limit=1")[1]["products"] == [product]
    assert admin.get("/products?handle=wool-shirt&status=active")[1]["products"] == [product]
    assert other_admin.get(f"/products/{product['id']}")[0] == 404
    assert other_admin.get("/products?handle=wool-shirt") == (200, {"products": [], "next_cursor": None})


def test_pages_follow_by_cursor_without_a_gap(admin: App) -> None:
    for number in range(3):
        made(admin, title=f"Page {number}")

    seen, cursor = [], ""
    while True:
        answer = admin.get(f"/products?limit=2&after={cursor}")[1]
        seen += [product["id"] for product in answer["products"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break

    assert seen == sorted(set(seen), key=lambda one: -int(one[5:]))
    assert len(seen) == len(admin.get("/products?limit=100")[1]["products"]) >= 5


def test_a_change_leaves_what_it_does_not_name(admin: App) -> None:
    before = made(admin)

    status, after = admin.patch(f"/products/{before['id']}", {"title": "Warm Shirt", "tags": ["new"]})

    assert status == 200
    assert (after["title"], after["tags"], after["handle"]) == ("Warm Shirt", ["new"], before["handle"])
    changed = {"title", "tags", "version", "updated_at"}
    assert {k: v for k, v in after.items() if k not in changed} == {k: v for k, v in before.items() if k not in changed}
    assert after["version"] > before["version"]


def test_variants_are_kept_added_and_taken_away_by_id(admin: App) -> None:
    product = made(admin)
    kept = product["variants"][1]

    status, after = admin.patch(
        f"/products/{product['id']}",
        {"variants": [{"id": kept["id"], "sku": "WS-M"}, {"options": {"Size": "L", "Color": "Blue"}, "price": 35}]},
    )

    assert status == 200
    assert [(one["title"], one["sku"], one["price"]) for one in after["variants"]] == [
        ("M / Red", "WS-M", Decimal("32.00")),
        ("L / Blue", "", Decimal("35.00")),
    ]
    assert after["variants"][0]["id"] == kept["id"]
    assert after["variants"][0]["weight_grams"] == 300


def test_one_variant_is_changed_alone(admin: App, other_admin: App) -> None:
    product = made(admin)
    first, second = product["variants"]

    status, after = admin.patch(f"/variants/{second['id']}", {"price": 29.99, "inventory_policy": "continue"})

    assert status == 200
    assert after == second | {"price": Decimal("29.99"), "inventory_policy": "continue", "available": 10_000}
    read = admin.get(f"/products/{product['id']}")[1]
    assert (read["variants"][0], read["available"]) == (first, True)
    assert other_admin.get(f"/variants/{second['id']}")[0] == 404
    assert other_admin.patch(f"/variants/{second['id']}", {"price": 1})[0] == 404
    assert admin.get(f"/variants/{second['id']}") == (200, after)


def test_a_change_of_an_older_version_is_refused(admin: App) -> None:
    product = made(admin)
    admin.patch(f"/products/{product['id']}", {"vendor": "First"})

    status, problem = admin.patch(f"/products/{product['id']}", {"vendor": "Second", "version": product["version"]})

    now = admin.get(f"/products/{product['id']}")[1]
    assert (status, problem["code"], problem["version"]) == (409, "product_changed", now["version"])
    assert now["vendor"] == "First"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "invalid_fields"),
        ({"title": None}, "invalid_fields"),
        ({"colour": "red"}, "invalid_fields"),
        ({"status": "gone"}, "invalid_fields"),
        ({"published_at": 1_700_000_000}, "invalid_fields"),
        ({"published_at": "0001-01-01T00:00:00+14:00"}, "invalid_fields"),
        ({"variants": []}, "invalid_fields"),
        ({"variants": [{"price": 1}]}, "product_invalid"),
        ({"variants": [{"options": {"Size": "S", "Color": "Red"}}]}, "product_invalid"),
        ({"variants": [{"options": {"Size": "S", "Color": "Red"}, "price": 1.001}]}, "invalid_amount"),
        ({"variants": [{"id": "variant_999999", "price": 1}]}, "unknown_reference"),
        ({"category_id": "category_99"}, "unknown_reference"),
        ({"collection_ids": ["collection_99"]}, "unknown_reference"),
        ({"media": [{"media_id": "media_99"}]}, "unknown_reference"),
        ({"description_html": "a\0b"}, "unstorable_text"),
        ({"description_html": "Pay with 4111 1111 1111 1111"}, "card_number_refused"),
    ],
)
def test_a_bad_change_is_422_and_changes_nothing(admin: App, change: dict[str, Any], code: str) -> None:
    product = made(admin)

    status, problem = admin.patch(f"/products/{product['id']}", change)

    assert (status, problem["code"]) == (422, code)
    assert admin.get(f"/products/{product['id']}")[1] == product


def test_a_product_of_another_shop_is_neither_changed_nor_deleted(admin: App, other_admin: App) -> None:
    product = made(admin)

    assert other_admin.patch(f"/products/{product['id']}", {"title": "Mine"})[0] == 404
    assert other_admin.delete(f"/products/{product['id']}")[0] == 404
    assert admin.get(f"/products/{product['id']}") == (200, product)


def test_a_product_is_deleted_once(admin: App) -> None:
    product = made(admin)

    assert admin.delete(f"/products/{product['id']}") == (200, {"id": product["id"], "deleted": True})
    assert admin.delete(f"/products/{product['id']}")[0] == 404


def test_a_repeat_with_its_key_makes_one_product(admin: App) -> None:
    first = admin.post("/products", SHIRT | {"title": "Once"}, key="make-1")
    second = admin.post("/products", SHIRT | {"title": "Once"}, key="make-1")
    other = admin.post("/products", SHIRT | {"title": "Twice"}, key="make-1")

    assert first == second
    assert (other[0], other[1]["code"]) == (422, "idempotency_key_reused")


def test_two_apps_may_choose_the_same_key(admin: App) -> None:
    second = App(admin.store, "*")

    ids = [one.post("/products", SHIRT, key="same")[1]["id"] for one in (admin, second)]

    assert ids[0] != ids[1]


def test_a_barcode_may_pass_the_check_digit_of_cards(admin: App) -> None:
    product = made(admin)

    status, after = admin.patch(f"/variants/{product['variants'][0]['id']}", {"barcode": "4000000000006"})
    refused = admin.patch(f"/variants/{product['variants'][0]['id']}", {"barcode": "4111111111111111"})

    assert (status, after["barcode"]) == (200, "4000000000006")
    assert (refused[0], refused[1]["code"]) == (422, "card_number_refused")


def test_a_bundle_is_put_together_and_ended(admin: App, other_admin: App) -> None:
    part, box = made(admin)["variants"][0]["id"], made(admin)["variants"][0]["id"]
    parts = {"components": [{"variant_id": part, "quantity": 2}]}

    status, put = admin.put(f"/variants/{box}/components", parts)
    nested = admin.put(f"/variants/{part}/components", {"components": [{"variant_id": box, "quantity": 1}]})
    twice = admin.put(f"/variants/{box}/components", {"components": parts["components"] * 2})

    assert (status, [(one["variant_id"], one["quantity"]) for one in put["components"]]) == (200, [(part, 2)])
    assert (nested[0], nested[1]["code"], twice[0]) == (422, "bundle_invalid", 422)
    assert other_admin.put(f"/variants/{box}/components", parts)[0] == 404
    assert put["components"][0]["product_id"] == admin.get(f"/variants/{part}")[1]["product_id"]
    assert admin.get(f"/variants/{box}")[1]["components"] == put["components"]
    assert admin.put(f"/variants/{box}/components", {"components": []})[1]["components"] == []
