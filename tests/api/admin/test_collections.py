"""Collections and pictures through the admin API."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import update

from souk.catalog.models import Collection
from souk.kernel.db import transaction
from tests.api.admin.apps import App


def picture(color: str = "red") -> str:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(kept, "PNG")
    return base64.b64encode(kept.getvalue()).decode()


def products_of(app: App) -> list[str]:
    return [product["id"] for product in app.get("/products")[1]["products"]]


def members(app: App, collection_id: str) -> list[str]:
    listed = app.get("/products?limit=100")[1]["products"]
    return [product["id"] for product in listed if collection_id in product["collection_ids"]]


def test_a_collection_is_made_read_changed_and_deleted(admin: App, other_admin: App) -> None:
    wanted = products_of(admin)[:2]

    status, made = admin.post("/collections", {"title": "Summer", "product_ids": wanted, "template_suffix": "sale"})

    path = f"/collections/{made['id']}"
    assert (status, made["handle"], made["products_count"], made["rules"]) == (201, "summer", 2, None)
    assert admin.get(path) == (200, made)
    assert admin.get("/collections?handle=summer")[1] == {"collections": [made], "next_cursor": None}
    assert sorted(members(admin, made["id"])) == sorted(wanted)
    status, changed = admin.patch(path, {"title": "Late summer", "product_ids": wanted[:1], "published": False})
    assert (status, changed["title"], changed["handle"]) == (200, "Late summer", "summer")
    assert (changed["products_count"], changed["published_at"], changed["template_suffix"]) == (1, None, "sale")
    for answer in (other_admin.get(path), other_admin.patch(path, {"title": "Mine"}), other_admin.delete(path)):
        assert answer[0] == 404
    assert other_admin.get("/collections?handle=summer")[1]["collections"] == []
    assert admin.get(path) == (200, changed)
    assert admin.delete(path) == (200, {"id": made["id"], "deleted": True})
    assert admin.get(path)[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {"title": "X", "product_ids": ["prod_99999"]},
        {"title": "X", "media_id": "media_99999"},
        {"title": "X", "sort_order": "sideways"},
        {"title": ""},
    ],
)
def test_a_bad_collection_is_422_and_not_made(admin: App, body: dict[str, Any]) -> None:
    before = admin.get("/collections")

    assert admin.post("/collections", body)[0] == 422
    assert admin.get("/collections") == before


def test_products_that_rules_choose_are_not_set(admin: App) -> None:
    made = admin.post("/collections", {"title": "By rule"})[1]
    with transaction(admin.store.scope) as session:
        rules = {"match": "all", "conditions": []}
        session.execute(update(Collection).where(Collection.handle == "by-rule").values(rules=rules))

    status, problem = admin.patch(f"/collections/{made['id']}", {"product_ids": products_of(admin)})

    assert (status, problem["code"]) == (409, "collection_kept_by_rules")
    status, renamed = admin.patch(f"/collections/{made['id']}", {"title": "Renamed"})
    assert (status, renamed["rules"]) == (200, rules)


def test_a_picture_is_uploaded_once_and_shown_at_a_product(admin: App, other_admin: App) -> None:
    body = {"filename": "red.png", "content": picture(), "alt": "Red"}

    first, again = admin.post("/media", body), admin.post("/media", body | {"filename": "other.png"})

    assert first[0] == 201
    assert (first[1]["width"], first[1]["height"], first[1]["alt"]) == (40, 30, "Red")
    assert again[1] == first[1]
    assert admin.get("/media")[1] == {"media": [first[1]], "next_cursor": None}
    assert other_admin.get("/media")[1] == {"media": [], "next_cursor": None}
    product = products_of(admin)[0]
    gallery = [{"media_id": first[1]["id"], "alt": "Front"}]
    shown = admin.patch(f"/products/{product}", {"media": gallery})[1]["media"]
    assert [(one["media_id"], one["alt"]) for one in shown] == [(first[1]["id"], "Front")]
    assert other_admin.patch(f"/products/{products_of(other_admin)[0]}", {"media": gallery})[0] == 422


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("not base64!", "not_base64"),
        (base64.b64encode(b"plain text").decode(), "unknown_file_type"),
        (base64.b64encode(b"\x89PNG\r\n\x1a\nbroken").decode(), "malformed_image"),
        ("é", "not_base64"),
    ],
)
def test_what_is_no_picture_is_422_and_not_kept(admin: App, content: str, code: str) -> None:
    before = admin.get("/media")

    status, problem = admin.post("/media", {"filename": "x.png", "content": content})

    assert (status, problem["code"]) == (422, code)
    assert admin.get("/media") == before
