"""Collections by hand and by rules, and the category tree, through their pages."""

from __future__ import annotations

from sqlalchemy import select

from souk.catalog.collections import set_collection_products
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.models import Category, Collection, CollectionProduct
from souk.catalog.save_product import save_product
from souk.content.redirects import redirect_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.web_dashboard.conftest import SignedIn

RULES = {
    "kind": "automated", "match": "any", "c-0-field": "vendor", "c-0-relation": "is", "c-0-value": "Ruled",
    "c-1-field": "", "c-1-relation": "is", "c-1-value": "",
}  # fmt: skip


def product(scope: TenantScope, title: str, vendor: str = "") -> int:
    with transaction(scope) as session:
        return save_product(session, ProductDraft(title=title, vendor=vendor, variants=(VariantDraft(100),)))


def members(scope: TenantScope, collection_id: int) -> list[int]:
    query = select(CollectionProduct.product_id).where(CollectionProduct.collection_id == collection_id)
    with transaction(scope, read_only=True) as session:
        return list(session.scalars(query.order_by(CollectionProduct.position)))


def test_rules_are_previewed_and_kept(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    ids = [product(shop, f"Ruled {number}", "Ruled") for number in (1, 2)]
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    form = {"title": "By rules", "published": "on"} | RULES

    live, elsewhere = owner.post("~/collections/preview", RULES), stranger.post("~/collections/preview", RULES)
    drawn = owner.post("~/collections/new", form | {"action": "preview"})
    saved = owner.post("~/collections/new", form)
    bad = owner.post("~/collections/new", form | {"c-0-relation": "greater_than", "title": "KEPT"})

    assert (live.get_json(), elsewhere.get_json()["total"]) == ({"total": 2, "titles": ["Ruled 1", "Ruled 2"]}, 0)
    assert "2 products" in drawn.text
    assert (saved.status_code, bad.status_code) == (303, 422)
    assert 'value="KEPT"' in bad.text
    assert members(shop, int(saved.location.rpartition("/")[2])) == ids


def test_the_order_by_hand_is_kept(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    ids = [product(shop, f"Ordered {number}") for number in (1, 2, 3)]
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    made = owner.post("~/collections/new", {"title": "By hand", "kind": "manual"})
    collection_id = int(made.location.rpartition("/")[2])
    with transaction(shop) as session:
        set_collection_products(session, collection_id, ids)
    form = {f"order-{ids[0]}": "3", f"order-{ids[1]}": "1", f"order-{ids[2]}": "2", f"drop-{ids[2]}": "on"}
    path = f"~/collections/{collection_id}/order"

    answers = [stranger.post(path, form).status_code, owner.post(path, form).status_code]

    assert answers == [404, 303]
    assert members(shop, collection_id) == [ids[1], ids[0]]


def test_products_are_found_and_added_to_a_collection(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    first, second = (product(shop, f"Addable {number}") for number in (1, 2))
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    made = owner.post("~/collections/new", {"title": "To be filled", "kind": "manual"})
    collection_id = int(made.location.rpartition("/")[2])
    path = f"~/collections/{collection_id}/products"

    found = owner.get(f"~/collections/{collection_id}?q=addable").text
    answers = [stranger.post(path, {"add": str(first)}).status_code, owner.post(path, {"add": str(second)}).status_code]
    left = owner.get(f"~/collections/{collection_id}?q=addable").text

    assert (found.count('name="add"'), left.count('name="add"')) == (2, 1)
    assert answers == [404, 303]
    assert members(shop, collection_id) == [second]


def test_a_renamed_collection_is_found_at_its_old_address(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    collection_id = int(owner.post("~/collections/new", {"title": "Winter"}).location.rpartition("/")[2])

    owner.post(f"~/collections/{collection_id}", {"title": "Winter", "handle": "cold-days"})

    with transaction(shop, read_only=True) as session:
        assert redirect_of(session, "/collections/winter") == "/collections/cold-days"
        assert session.get_one(Collection, collection_id).handle == "cold-days"


def test_categories_are_added_renamed_and_deleted(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    query = select(Category.id).where(Category.name == "Tables")
    owner.post("~/categories", {"name": "Tables"})
    with transaction(shop, read_only=True) as session:
        category_id = session.execute(query).scalar_one()

    answers = [
        owner.post("~/categories", {"name": " "}).status_code,
        owner.post(f"~/categories/{category_id}", {"name": "Desks", "parent_id": str(category_id)}).status_code,
        stranger.post(f"~/categories/{category_id}", {"action": "delete"}).status_code,
        owner.post(f"~/categories/{category_id}", {"name": "Desks"}).status_code,
    ]

    assert answers == [422, 422, 404, 303]
    assert "Desks" in owner.get("~/categories").text
    opened = owner.get(f"~/categories?open={category_id}").text
    assert opened.count("<select") == 2
    assert "Yes, delete it</label>" in opened
    assert "Desks" not in stranger.get("~/categories").text
    assert owner.post(f"~/categories/{category_id}", {"action": "delete"}).status_code == 303
