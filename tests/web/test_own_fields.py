"""What the storefront tells a theme of metafields and focal points."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select, update

from souk.catalog.cards import cards_by_id
from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.metafields.define import DefinitionDraft, define_metafield, list_definitions, read_definition
from souk.catalog.metafields.shown import collection_metafields, variant_metafields
from souk.catalog.metafields.write import write_metafields
from souk.catalog.metaobjects.define import EntryField, EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Product, Variant
from souk.catalog.relations import pictures_of, texts_of
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.media.errors import BadFocalPoint
from souk.media.focus import set_focus
from souk.media.models import Media
from souk.web.page_cache.purge import keys_of, purge
from souk.web.storefront.rows import metafield_value
from tests.fixtures.watching import wait_for
from tests.web.conftest import ClientFor
from themes.models import ThemeInstallation


def product(scope: TenantScope, **values: object) -> int:
    with transaction(scope) as session:
        return save_product(session, ProductDraft("Candle", (VariantDraft(900),), **values))  # type: ignore[arg-type]


def test_only_fields_that_themes_may_read_are_told(shop: TenantScope, other_shop: TenantScope) -> None:
    product_id = product(shop)
    with transaction(shop) as session:
        for name, shown in (("weight", True), ("supplier", False)):
            kind = "weight" if name == "weight" else "single_line_text_field"
            define_metafield(session, DefinitionDraft("product", name.title(), name, kind, storefront=shown))
        typed = {d.full_key: (d, "2 kg" if d.key == "weight" else "Secret") for d in list_definitions(session)}
        write_metafields(session, "product", product_id, typed)
        found = texts_of(session, [product_id])[product_id].metafields
    with transaction(other_shop, read_only=True) as session:
        elsewhere = texts_of(session, [product_id])

    assert found == {"custom.weight": ("weight", {"value": "2", "unit": "kg"})}
    assert metafield_value(*found["custom.weight"]) == "2 kg"
    assert elsewhere == {}


def test_fields_of_variants_and_collections_are_told_like_those_of_products(
    shop: TenantScope, other_shop: TenantScope
) -> None:
    product_id = product(shop)
    with transaction(shop) as session:
        variant_id = session.scalars(select(Variant.id).where(Variant.product_id == product_id)).one()
        collection_id = save_collection(session, CollectionDraft("Spring"))
        for owner, owner_id in (("variant", variant_id), ("collection", collection_id)):
            for key, shown in (("season", True), ("supplier", False)):
                draft = DefinitionDraft(owner, key.title(), key, "single_line_text_field", storefront=shown)
                define_metafield(session, draft)
            typed = {each.full_key: (each, each.name) for each in list_definitions(session, owner)}
            write_metafields(session, owner, owner_id, typed)
        own = variant_metafields(session, [product_id]), collection_metafields(session, [collection_id])
    with transaction(other_shop, read_only=True) as session:
        elsewhere = variant_metafields(session, [product_id]), collection_metafields(session, [collection_id])

    told: Any = {"custom.season": ["single_line_text_field", "Season"]}
    assert own == ({product_id: {variant_id: told}}, {collection_id: told})
    assert elsewhere == ({}, {})


def test_a_page_is_made_anew_when_an_entry_that_it_shows_changes(
    shop: TenantScope, other_shop: TenantScope, client_for: ClientFor
) -> None:
    product(shop, handle="sleeve")
    block = {"type": "entry", "settings": {"key": "chart"}}
    template = {"sections": {"main": {"type": "main-product", "blocks": {"chart": block}, "block_order": ["chart"]}},
                "order": ["main"]}  # fmt: skip
    with transaction(shop) as session:
        kind = read_entry_type(
            session,
            define_metaobject(session, EntryTypeDraft("chart", "Charts", "", [EntryField("text", "T", "json")])),
        )
        entry = save_entry(session, kind, EntryDraft("Sleeves", status="draft", values={"text": '"M is 55"'}))
        draft = DefinitionDraft(
            "product", "Chart", "chart", "metaobject_reference", validations={"metaobject": "chart"}
        )
        definition = read_definition(session, define_metafield(session, draft))
        found = session.scalars(select(Product.id).where(Product.handle == "sleeve")).one()
        write_metafields(session, "product", found, {definition.full_key: (definition, str(entry))})
        live = update(ThemeInstallation).where(ThemeInstallation.role == "main")
        session.execute(live.values(templates={"templates/product.json": template}))
    client, event = client_for(shop), Event("metaobject.updated", entry, {"type": "chart", "handle": "sleeves"})
    hidden = client.get("/products/sleeve").text

    with transaction(shop) as session:
        save_entry(session, kind, EntryDraft("Sleeves", status="active"), entry)
    kept = client.get("/products/sleeve")
    purge(shop, keys_of(event))

    assert "M is 55" not in hidden
    assert (kept.headers["X-Souk-Cache"], "M is 55" in kept.text) == ("hit", False)
    assert wait_for(lambda: "M is 55" in client.get("/products/sleeve").text)
    assert client_for(other_shop).get("/products/sleeve").status_code == 404


def test_a_focal_point_reaches_card_and_gallery(shop: TenantScope) -> None:
    row = insert(Media).values(
        storage_key="t1/focus", filename="a.png", content_type="image/png", width=10, height=10, byte_size=1, sha256="0"
    )
    with transaction(shop) as session:
        media_id = session.execute(row.returning(Media.id)).scalar_one()
    product_id = product(shop, media=((media_id, "A candle"),))

    with transaction(shop) as session:
        middle = pictures_of(session, [product_id])[product_id][0].focus
        set_focus(session, {media_id: (20, 80)})
        gallery, card = pictures_of(session, [product_id])[product_id][0], cards_by_id(session, [product_id])[0]
        with pytest.raises(BadFocalPoint):
            set_focus(session, {media_id: (20, 101)})

    assert middle == ""
    assert gallery.focus == "20% 80%"
    assert card.picture is not None
    assert card.picture.focus == "20% 80%"
    assert card.second_picture is None


def test_a_card_brings_its_first_two_pictures(shop: TenantScope, client_for: ClientFor) -> None:
    keys = [f"t1/of-{number}" for number in range(3)]
    row = insert(Media).returning(Media.id)
    same = {"filename": "a.png", "content_type": "image/png", "width": 10, "height": 10, "byte_size": 1, "sha256": "0"}
    with transaction(shop) as session:
        ids = [session.execute(row, {**same, "storage_key": key}).scalar_one() for key in keys]
    product_id = product(shop, handle="pictured", media=tuple((media_id, "") for media_id in ids))

    with transaction(shop) as session:
        gallery, card = pictures_of(session, [product_id])[product_id], cards_by_id(session, [product_id])[0]

    assert [card.picture, card.second_picture] == gallery[:2]
    assert [key in client_for(shop).get("/collections/all").text for key in keys] == [True, True, False]
