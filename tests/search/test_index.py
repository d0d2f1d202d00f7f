"""Events bring the index in step; the rebuild reads a whole shop."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import insert, select, text, update

from souk.catalog.metafields.define import DefinitionDraft, define_metafield, read_definition
from souk.catalog.metaobjects.define import EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.delete import delete_entry
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Category, Collection, CollectionProduct, Product, ProductMedia
from souk.inventory.notice import refresh_after_sale
from souk.kernel import connections, db
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.localized import ENTRY, speak_in
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.media.models import Media
from souk.search import index
from souk.search.documents import read_documents
from souk.search.engine import ProductDocument, SearchQuery
from souk.search.entry_labels import entry_words, products_showing
from souk.search.errors import SearchIndexMissing
from souk.search.index import EVENTS, consumer, product_ids_of, rebuild_index, update_index
from souk.search.metafield_facets import offer_metafield
from souk.search.plain_text import plain_text
from souk.search_engines.tantivy_engine import TantivyEngine
from souk.translating.save import save_translations
from souk.translating.sources import read_resources
from souk.worker import consumers
from souk.worker.deliver import deliver
from souk.worker.relay import relay
from tests.fixtures.shops import make_shop
from tests.search.products import PUBLISHED, save


def test_a_product_becomes_a_document(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        category = session.scalars(
            insert(Category).values(handle="cups", name="Cups", path=["Kitchen", "Cups"]).returning(Category.id)
        ).one()
        product_id = save(
            session, "Mug", vendor="Clayworks", category_id=category, tags=["gift"], rating=Decimal("4.29"),
            rating_count=7, available=True, version=3, sku="MUG-1", description_html="<p>Holds<br>tea</p>",
            options=[{"name": "Color", "values": ["White"]}],
        )  # fmt: skip
        collection = session.scalars(insert(Collection).values(handle="a", title="A").returning(Collection.id)).one()
        session.execute(insert(CollectionProduct).values(collection_id=collection, product_id=product_id))
        for position, key in ((2, "second.jpg"), (1, "first.jpg")):
            media = {"storage_key": key, "filename": key, "content_type": "image/jpeg", "width": 1, "height": 1}
            media_id = session.scalars(insert(Media).values(**media, byte_size=1, sha256=key).returning(Media.id)).one()
            session.execute(insert(ProductMedia).values(product_id=product_id, media_id=media_id, position=position))

        documents = read_documents(session, [product_id, 999])

    assert documents == [
        ProductDocument(
            id=product_id, version=3, handle="mug", title="Mug", description="Holds\ntea", brand="Clayworks",
            category=("Kitchen", "Cups"), tags=("gift",), skus=("MUG-1",), options={"Color": ("White",)},
            price_min=1000, price_max=1000, rating=42, rating_count=7, in_stock=True, published_at=PUBLISHED,
            collection_ids=(collection,), image="first.jpg",
        )
    ]  # fmt: skip
    with transaction(other_shop, read_only=True) as session:
        assert read_documents(session, [product_id]) == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (Event("product.updated", 5), (5,)),
        (Event("product.deleted", 5, {"handle": "x"}), (5,)),
        (Event("products.imported", 0, {"product_ids": [1, 2]}), (1, 2)),
        (Event("inventory.updated", 9, {"product_id": 4, "crossed_zero": True}), (4,)),
        (Event("inventory.updated", 9, {"product_id": 4, "crossed_zero": False}), ()),
    ],
)
def test_events_name_their_products(event: Event, expected: tuple[int, ...]) -> None:
    assert product_ids_of(event) == expected


def test_the_worker_indexes_what_was_published(platform: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, shop = TantivyEngine(tmp_path), make_shop()
    rebuild_index(engine, shop)
    monkeypatch.setattr(consumers, "_consumers", {})
    on_event = consumer(engine)
    for name in EVENTS:
        consumers.register(name, index.CONSUMER_NAME, on_event)
    with transaction(shop) as session:
        product_id = save(session, "Oak Bench")
        publish(session, Event("product.created", product_id))

    made = relay(shop.pod)
    for delivery in made * 2:
        deliver(shop.pod, delivery)

    assert engine.search(shop.schema, SearchQuery(text="bench")).ids == (product_id,)
    with transaction(shop) as session:
        pending = "SELECT count(*) FROM pod.deliveries WHERE id = ANY(:ids) AND status <> 'done'"
        assert session.scalar(text(pending), {"ids": made}) == 0


def test_a_sold_out_product_is_indexed_as_such(platform: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, shop = TantivyEngine(tmp_path), make_shop()
    with transaction(shop) as session:
        product_id = save(session, "Oak Bench", available=True)
        publish(session, Event("inventory.updated", 1, {"product_id": product_id, "crossed_zero": True}))
    rebuild_index(engine, shop)
    monkeypatch.setattr(consumers, "_consumers", {})
    on_event = consumer(engine)
    for name in EVENTS:
        consumers.register(name, index.CONSUMER_NAME, on_event)
    consumers.register("inventory.updated", "stock", refresh_after_sale)

    for _ in range(2):
        for delivery in relay(shop.pod):
            deliver(shop.pod, delivery)

    assert engine.search(shop.schema, SearchQuery(in_stock=False)).ids == (product_id,)


def test_a_facet_tells_custom_entries_by_their_titles(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        kind = read_entry_type(session, define_metaobject(session, EntryTypeDraft("wood", "Woods", "", [])))
        oak, ash = (save_entry(session, kind, EntryDraft(title)) for title in ("Oak", "Ash"))
        draft = save_entry(session, kind, EntryDraft("Elm", status="draft"))
        limits = {"metaobject": "wood"}
        made = define_metafield(
            session, DefinitionDraft("product", "Woods", "woods", "list.metaobject_reference", validations=limits)
        )
        offer_metafield(session, read_definition(session, made), offered=True)
        both = save(session, "Wooden stool", metafields={"custom.woods": [oak, draft, ash]})
        plain = save(session, "Wooden bowl", metafields={"custom.woods": [ash]})

    def told() -> tuple[list[int], list[tuple[str, ...]]]:
        with transaction(shop) as session:
            found = [each.options.get("metafield.custom.woods", ()) for each in read_documents(session, [both, plain])]
            return products_showing(session, oak, "wood"), found

    def said(scope: TenantScope, locale: str) -> dict[str, dict[str, str]]:
        with transaction(scope) as session:
            speak_in(session, locale)
            return entry_words(session, {"custom.woods": ["Oak", "Ash", "Elm"]})

    with transaction(shop) as session:
        for entry, title in ((oak, "Eiche"), (draft, "Ulme")):
            save_translations(session, read_resources(session, ENTRY, ids=[entry])[0], "de", {"title": title})
    before = told()
    assert said(shop, "de") == {"custom.woods": {"Oak": "Eiche"}}
    assert (said(shop, ""), said(shop, "fr"), said(other_shop, "de")) == ({}, {}, {})
    with transaction(shop) as session:
        save_entry(session, kind, EntryDraft("Smoked oak"), oak)
    renamed = told()
    with transaction(shop) as session:
        delete_entry(session, ash)
        version = session.scalar(select(Product.version).where(Product.id == plain))
    left = told()
    with transaction(shop) as session:
        offer_metafield(session, read_definition(session, made), offered=False)

    assert before == ([both], [("Oak", "Ash"), ("Ash",)])
    assert renamed == ([both], [("Smoked oak", "Ash"), ("Ash",)])
    assert (left, version) == (([both], [("Smoked oak",), ()]), 2)
    assert told() == ([], [(), ()])
    with transaction(other_shop) as session:
        assert products_showing(session, oak, "wood") == []


def test_an_unlisted_product_leaves_the_index(platform: None, tmp_path: Path) -> None:
    engine, shop = TantivyEngine(tmp_path), make_shop()
    with transaction(shop) as session:
        kept, archived = save(session, "Oak Bench"), save(session, "Ash Bench")
    rebuild_index(engine, shop)
    with transaction(shop) as session:
        session.execute(update(Product).where(Product.id == archived).values(status="archived"))

    update_index(engine, shop, [archived, kept])

    assert engine.search(shop.schema, SearchQuery(text="bench")).ids == (kept,)


def test_a_lost_index_is_rebuilt_whole(platform: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, shop, progress = TantivyEngine(tmp_path), make_shop(), list[int]()
    monkeypatch.setattr(index, "BATCH", 2)
    with transaction(shop) as session:
        ids = [save(session, f"Bench {number}") for number in range(5)]

    with pytest.raises(SearchIndexMissing):
        update_index(engine, shop, ids[:1])
    assert rebuild_index(engine, shop, progress.append) == 5
    assert progress == [2, 4, 5]
    assert engine.search(shop.schema, SearchQuery()).total == 5
    assert db._depth.get() == 0


@pytest.mark.parametrize(
    ("html", "text_"),
    [
        ("<p>One</p><ul><li>Two &amp; <b>three</b></li></ul>", "One\nTwo & three"),
        ("<script>alert(1)</script>bare <style>p{}</style>text", "bare text"),
        ("<p>unclosed <b>tag", "unclosed tag"),
        ("", ""),
    ],
)
def test_descriptions_become_lines(html: str, text_: str) -> None:
    assert plain_text(html) == text_


def test_a_batch_of_any_size_is_read_in_six_queries(shop: TenantScope) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    with transaction(shop) as session:
        ids = [save(session, f"Stool {number}") for number in range(20)]
        listener = (connections.engine_of(shop.pod), "before_cursor_execute", note)
        sqlalchemy.event.listen(*listener)
        try:
            documents = read_documents(session, ids)
        finally:
            sqlalchemy.event.remove(*listener)

    assert (len(documents), len(statements)) == (20, 6)
