from __future__ import annotations

import pytest
from sqlalchemy import event, select, text

from souk.catalog.cards import product_by_handle
from souk.catalog.collections import save_collection
from souk.catalog.delete_product import delete_product
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.errors import ProductInvalid, ProductMissing
from souk.catalog.facets import count_facets
from souk.catalog.filters import ProductFilters
from souk.catalog.listing import list_products
from souk.catalog.models import Product, Variant
from souk.catalog.relations import related_to
from souk.catalog.save_product import save_product
from souk.catalog.update_product import update_product
from souk.catalog.variant_records import variants_of
from souk.kernel.connections import engine_of
from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop


def shirt(**changes: object) -> ProductDraft:
    values: dict[str, object] = {
        "title": "Linen Shirt",
        "vendor": "Nordlys",
        "options": ("Size",),
        "variants": (
            VariantDraft(4900, ("S",), inventory_tracked=False),
            VariantDraft(5900, ("M",), compare_at_price=6900),
        ),
    }
    return ProductDraft(**{**values, **changes})  # type: ignore[arg-type]


def test_a_saved_product_keeps_copies_of_its_variants(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, shirt(handle="linen", description_html="<p onclick=x>Hi<script>1</script>"))

    with transaction(shop, read_only=True) as session:
        card = product_by_handle(session, "linen")
        names = session.scalars(select(OutboxEvent.name).where(OutboxEvent.subject_id == product_id)).all()
        html = session.execute(select(Product.description_html).where(Product.id == product_id)).scalar_one()
    with transaction(other_shop, read_only=True) as session:
        hidden = product_by_handle(session, "linen")

    assert card is not None
    assert (card.price_min, card.price_max, card.compare_at_price, card.available) == (4900, 5900, None, True)
    assert card.options == ({"name": "Size", "values": ["S", "M"]},)
    assert "product.created" in names
    assert html == "<p>Hi</p>"
    assert hidden is None


def test_equal_titles_get_different_handles(shop: TenantScope) -> None:
    with transaction(shop) as session:
        ids = [save_product(session, shirt(title="Café Lamp")) for _ in range(3)]
        handles = session.scalars(select(Product.handle).where(Product.id.in_(ids)).order_by(Product.id)).all()

    assert handles == ["cafe-lamp", "cafe-lamp-2", "cafe-lamp-3"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"variants": ()}, "variants"),
        ({"status": "sold"}, "status"),
        ({"variants": (VariantDraft(1, ("S",)), VariantDraft(2, ("S",)))}, "variants"),
        ({"variants": (VariantDraft(-1, ("S",)),)}, "variants[0].price"),
        ({"vendor": "a\x00b"}, "vendor"),
        ({"options": ("A", "B", "C", "D")}, "options"),
    ],
)
def test_a_bad_draft_is_refused_and_nothing_is_written(
    shop: TenantScope, changes: dict[str, object], field: str
) -> None:
    with transaction(shop, read_only=True) as session:
        before = session.execute(select(Product.id)).all()

    with pytest.raises(ProductInvalid) as caught, transaction(shop) as session:
        save_product(session, shirt(**changes))

    assert caught.value.extra == {"field": field}
    with transaction(shop, read_only=True) as session:
        assert session.execute(select(Product.id)).all() == before


def test_an_update_keeps_the_ids_of_variants_that_stay_even_when_they_swap(shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, shirt(title="Swap"))
        small, medium = variants_of(session, [product_id])[product_id]

        update_product(
            session,
            product_id,
            shirt(
                title="Swapped",
                variants=(
                    VariantDraft(100, ("M",), id=small.id),
                    VariantDraft(200, ("S",), id=medium.id),
                    VariantDraft(300, ("L",)),
                ),
            ),
        )
        after = variants_of(session, [product_id])[product_id]
        card = product_by_handle(session, "swap")

    assert [(v.id, v.options, v.price) for v in after[:2]] == [(small.id, ("M",), 100), (medium.id, ("S",), 200)]
    assert after[2].options == ("L",)
    assert card is not None
    assert (card.title, card.price_min, card.price_max) == ("Swapped", 100, 300)


def test_a_variant_of_another_product_cannot_be_taken(shop: TenantScope) -> None:
    with transaction(shop) as session:
        first, second = (save_product(session, shirt(title=title)) for title in ("One", "Two"))
        foreign = variants_of(session, [second])[second][0].id

        with pytest.raises(ProductInvalid, match="belongs to another product"):
            update_product(session, first, shirt(variants=(VariantDraft(1, ("S",), id=foreign),)))

        assert len(variants_of(session, [second])[second]) == 2


def test_a_product_of_another_shop_cannot_be_changed_or_deleted(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, shirt(title="Mine"))

    with transaction(other_shop) as session:
        with pytest.raises(ProductMissing):
            update_product(session, product_id, shirt())
        with pytest.raises(ProductMissing):
            delete_product(session, product_id)

    with transaction(shop) as session:
        assert product_by_handle(session, "mine") is not None
        delete_product(session, product_id)
        left = session.execute(select(Variant.id).where(Variant.product_id == product_id)).all()
    assert left == []


def filled() -> tuple[TenantScope, int]:
    scope = make_shop()
    with transaction(scope) as session:
        ids = [
            save_product(
                session,
                shirt(
                    title=f"Thing {n:02}",
                    vendor="Alba" if n % 2 else "Borea",
                    variants=(VariantDraft(1000 + n, ("S",), inventory_tracked=n % 3 == 0),),
                ),
            )
            for n in range(30)
        ]
        collection = save_collection(session, CollectionDraft("All things", product_ids=tuple(reversed(ids))))
    return scope, collection


def test_a_collection_is_filtered_sorted_paged_and_counted(platform: None) -> None:
    scope, collection = filled()
    with transaction(scope, read_only=True) as session:
        manual = list_products(session, ProductFilters(collection_id=collection), limit=24)
        cheap = list_products(session, ProductFilters(vendors=("Alba",), price_max=1005), "price-descending")
        second = list_products(session, ProductFilters(collection_id=collection), page=2, limit=24)
        small = list_products(session, ProductFilters(options={"Size": ("S",)}, available=True, terms="thing 0"))
        facets = count_facets(session, ProductFilters(collection_id=collection, vendors=("Alba",)))

    assert [card.title for card in manual.products[:2]] == ["Thing 29", "Thing 28"]
    assert manual.total == 30
    assert [card.price_min for card in cheap.products] == [1005, 1003, 1001]
    assert [card.title for card in second.products][-1] == "Thing 00"
    assert len(second.products) == 6
    assert small.total == 8
    counts = {(facet.name, facet.value): facet.count for facet in facets}
    assert counts["brand", "Alba"] == 15
    assert counts["brand", "Borea"] == 15
    assert counts["option.Size", "S"] == 15
    assert counts["available", "1"] == 10
    assert counts["price", "max"] == 1029


def test_a_listing_with_facets_takes_a_fixed_number_of_queries(platform: None) -> None:
    scope, collection = filled()
    statements: list[str] = []
    engine = engine_of("default")
    note = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        with transaction(scope, read_only=True) as session:
            page = list_products(session, ProductFilters(collection_id=collection), limit=24)
            count_facets(session, ProductFilters(collection_id=collection))
            variants_of(session, [card.id for card in page.products])
            related_to(session, [page.products[0].id])
    finally:
        event.remove(engine, "before_cursor_execute", note)

    # cards, total, facets, variants, related products
    assert len(statements) == 5


def test_stock_decides_what_is_available(shop: TenantScope) -> None:
    with transaction(shop) as session:
        product_id = save_product(session, shirt(title="Counted", variants=(VariantDraft(5, ("S",)),)))
        variant = variants_of(session, [product_id])[product_id][0]
        session.execute(
            text(
                "INSERT INTO inventory_levels (variant_id, location_id, on_hand) SELECT :v, min(id), 3 FROM locations"
            ),
            {"v": variant.id},
        )
        stocked = variants_of(session, [product_id])[product_id][0]

    assert (variant.available, variant.low_stock) == (False, None)
    assert (stocked.available, stocked.low_stock, stocked.stock) == (True, 3, 3)
