"""Custom entries in the dashboard, and what an input finds by words."""

from __future__ import annotations

import json

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.metafields.write import read_metafields
from souk.catalog.metaobjects.define import list_entry_types
from souk.catalog.metaobjects.queries import list_entries
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.web_dashboard.conftest import SignedIn

KIND = {
    "name": "Size charts", "storefront": "on", "f-0-order": "2", "f-0-name": "Text", "f-0-type": "rich_text_field",
    "f-0-required": "on", "f-1-order": "1", "f-1-name": "Cut", "f-1-type": "single_line_text_field",
    "f-1-choices": "Slim\nWide", "f-2-name": "", "f-2-type": "single_line_text_field",
}  # fmt: skip


def test_a_merchant_defines_entries_and_a_product_shows_one(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    assert [owner.post("~/entries/new", KIND).status_code for _ in range(2)] == [303, 409]
    with transaction(shop, read_only=True) as session:
        kind = list_entry_types(session)[0]
        product_id = 0
    with transaction(shop) as session:
        product_id = save_product(session, ProductDraft("Shirt", (VariantDraft(900),)))
    entry = {"title": "Shirts", "status": "active", "m-field.text": "<p>M</p>", "m-field.cut": "Slim"}
    definition = {"name": "Chart", "owner_type": "product", "type": "metaobject_reference", "storefront": "on"}
    path = f"~/entries/{kind.id}"

    missing = owner.post(f"{path}/new", entry | {"m-field.text": ""})
    made = owner.post(f"{path}/new", entry)
    undefined = owner.post("~/metafields", definition)
    defined = owner.post("~/metafields", definition | {"metaobject": "size_charts"})
    page = owner.get(f"~/products/{product_id}").text
    form = {"title": "Shirt", "status": "active", "price": "9", "m-custom.chart": "shirts"}
    saved, bad = (owner.post(f"~/products/{product_id}", form | {"m-custom.chart": name}) for name in ("shirts", "x"))

    assert ([each.key for each in kind.fields], kind.fields[1].required) == (["cut", "text"], True)
    assert (missing.status_code, "fill it in" in missing.text, made.status_code) == (422, True, 303)
    assert (undefined.status_code, defined.status_code) == (422, 303)
    assert '<option value="shirts">Shirts</option>' in page
    assert (saved.status_code, bad.status_code) == (303, 422)
    with transaction(shop, read_only=True) as session:
        number = list_entries(session, kind.id)[0][0].id
        assert read_metafields(session, "product", product_id) == {"custom.chart": number}
    assert stranger.post(f"{path}/{number}", entry).status_code == 404
    assert stranger.post(f"{path}/{number}/delete").status_code == 404
    assert owner.post(f"{path}/delete").status_code == 409
    assert owner.post(f"{path}/{number}", entry | {"title": "Tops"}).status_code == 303
    assert "Tops" in owner.get(f"{path}?q=top").text
    assert owner.post(f"{path}/{number}/delete").status_code == 303
    assert owner.post(f"{path}/fields", {"name": "Charts", "f-0-name": "Cut", "f-0-old": "cut", "f-0-type": "json"}).status_code == 422  # fmt: skip  # noqa: E501
    with transaction(shop, read_only=True) as session:
        assert read_metafields(session, "product", product_id) == {}
        assert [each.name for each in list_entry_types(session)] == ["Size charts"]


def test_an_input_finds_names_beyond_any_list(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    with transaction(shop) as session:
        for number in range(25):
            draft = ProductDraft(
                f"Find {number}", (VariantDraft(900),), vendor=f"Finder {number}", tags=(f"fin-{number}",)
            )
            save_product(session, draft)
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")

    def found(query: str) -> list[str]:
        return [each["value"] for each in json.loads(owner.get(f"~/names?{query}").text)["names"]]

    assert len(found("of=vendor&q=finder")) == 20
    assert found("of=vendor&q=R+24") == ["Finder 24"]
    assert found("of=tag&q=fin-24") == ["fin-24"]
    assert found("of=product_reference&q=find+24") == ["find-24"]
    assert found("of=none&q=") == []
    assert json.loads(stranger.get("~/names?of=vendor&q=finder").text) == {"names": []}
    assert "Find 24" in owner.get("~/products?vendor=finder+24&tag=FIN-24").text
    assert "Find 24" not in owner.get("~/products?vendor=finder").text
