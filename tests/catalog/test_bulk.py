"""Changes of many products or variants at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDetails, ProductDraft, VariantDraft
from souk.catalog.duplicate_product import duplicate_product
from souk.catalog.edit_variants import VariantEdit, edit_variants
from souk.catalog.errors import CollectionMissing, ProductInvalid, ProductMissing, VariantOwed
from souk.catalog.filters import ProductFilters
from souk.catalog.listing import list_products
from souk.catalog.models import CollectionProduct, Product, Variant
from souk.catalog.place_products import place_products, take_products_out
from souk.catalog.save_product import save_product
from souk.catalog.schedule import announce
from souk.catalog.set_options import OptionDraft, set_options
from souk.catalog.tag_products import tag_products, untag_products
from souk.catalog.update_details import update_details
from souk.inventory.adjust import set_on_hand
from souk.inventory.models import InventoryLevel
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope


def made(scope: TenantScope, title: str = "Shirt", **values: object) -> int:
    draft = ProductDraft(title=title, variants=(VariantDraft(1_000, sku="S-1"),), **values)  # type: ignore[arg-type]
    with transaction(scope) as session:
        return save_product(session, draft)


def matrix(scope: TenantScope, product_id: int) -> list[tuple[str, int]]:
    with transaction(scope, read_only=True) as session:
        query = select(Variant.title, Variant.id).where(Variant.product_id == product_id).order_by(Variant.position)
        return [(row[0], row[1]) for row in session.execute(query)]


def option(name: str, *values: str, was: int | None = None) -> OptionDraft:
    pairs = ((value.partition("<")[0], value.partition("<")[2]) for value in values)
    return OptionDraft(name, tuple(pairs), was)


def test_tags_are_added_once_and_taken_away(shop: TenantScope, other_shop: TenantScope) -> None:
    first, second = made(shop, tags=("old",)), made(shop)

    with transaction(shop) as session:
        added = tag_products(session, [first, second], ["old", "new"])
        removed = untag_products(session, [first, second], ["old"])
        tags = session.scalars(select(Product.tags).where(Product.id.in_([first, second])).order_by(Product.id)).all()
    with transaction(other_shop) as session:
        elsewhere = tag_products(session, [first], ["stolen"])

    assert (added, removed, elsewhere) == ([first, second], [first, second], [])
    assert tags == [["new"], ["new"]]


def test_products_join_and_leave_a_collection(shop: TenantScope, other_shop: TenantScope) -> None:
    ids = [made(shop, "B"), made(shop, "A")]
    with transaction(shop) as session:
        collection_id = save_collection(session, CollectionDraft(title="Bulk"))

        counts = [place_products(session, collection_id, ids), place_products(session, collection_id, ids)]
        members = select(CollectionProduct.product_id).where(CollectionProduct.collection_id == collection_id)
        order = session.scalars(members.order_by(CollectionProduct.position)).all()
        gone = take_products_out(session, collection_id, ids[:1])

    assert (counts, order, gone) == ([2, 0], ids[::-1], 1)
    with transaction(other_shop) as session, pytest.raises(CollectionMissing):
        place_products(session, collection_id, ids)


def test_cells_are_edited_and_one_bad_cell_changes_none(shop: TenantScope, other_shop: TenantScope) -> None:
    variant_id = matrix(shop, made(shop))[0][1]

    with transaction(shop) as session:
        edit_variants(session, {variant_id: VariantEdit(price=2_500, compare_at_price=3_000, barcode="40")})
    with pytest.raises(ProductInvalid), transaction(shop) as session:
        edit_variants(session, {variant_id: VariantEdit(sku="S-2", price=-1)})
    with pytest.raises(ProductInvalid, match="is gone"), transaction(other_shop) as session:
        edit_variants(session, {variant_id: VariantEdit(price=1)})

    with transaction(shop, read_only=True) as session:
        found = session.get_one(Variant, variant_id)
        copies = session.get_one(Product, found.product_id)
    assert (found.price, found.compare_at_price, found.sku, found.barcode) == (2_500, 3_000, "S-1", "40")
    assert (copies.price_min, copies.compare_at_price) == (2_500, 3_000)


def test_the_matrix_keeps_variants_through_renaming_and_growing(shop: TenantScope) -> None:
    product_id = made(shop)
    first = matrix(shop, product_id)[0][1]

    with transaction(shop) as session:
        grown = set_options(session, product_id, [option("Size", "S", "M"), option("Colour", "Red", "Blue")])
        swapped = set_options(
            session,
            product_id,
            [option("Color", "Crimson<Red", "Blue<Blue", was=1), option("Size", "M<M", "S<S", was=0)],
        )

    assert (grown, swapped) == ((3, 0), (0, 0))
    rows = matrix(shop, product_id)
    assert [title for title, _ in rows] == ["Crimson / M", "Crimson / S", "Blue / M", "Blue / S"]
    assert dict(rows)["Crimson / S"] == first
    with transaction(shop, read_only=True) as session:
        options = session.execute(select(Product.options).where(Product.id == product_id)).scalar_one()
    assert options == [{"name": "Color", "values": ["Crimson", "Blue"]}, {"name": "Size", "values": ["M", "S"]}]


def test_a_matrix_of_2048_is_made_and_a_larger_one_refused(shop: TenantScope, other_shop: TenantScope) -> None:
    product_id = made(shop)
    many = [str(number) for number in range(16)]

    with transaction(shop) as session:
        made_count, _ = set_options(
            session, product_id, [option("A", *many), option("B", *many), option("C", *many[:8])]
        )
    with transaction(shop) as session, pytest.raises(ProductInvalid, match="2,304"):
        set_options(session, product_id, [option("A", *many), option("B", *many), option("C", *many[:9])])
    with transaction(other_shop) as session, pytest.raises(ProductMissing):
        set_options(session, product_id, [option("A", "1")])

    assert made_count == 2_047
    assert len(matrix(shop, product_id)) == 2_048


def test_a_variant_that_is_owed_stays(shop: TenantScope) -> None:
    product_id = made(shop)
    with transaction(shop) as session:
        set_options(session, product_id, [option("Size", "S", "M")])
    variant_id = matrix(shop, product_id)[0][1]
    with transaction(shop) as session:
        set_on_hand(session, variant_id, None, 5, "count", "staff:1")
        session.execute(update(InventoryLevel).where(InventoryLevel.variant_id == variant_id).values(committed=1))

    with pytest.raises(VariantOwed), transaction(shop) as session:
        set_options(session, product_id, [option("Size", "M<M", was=0)])

    assert len(matrix(shop, product_id)) == 2


def test_a_copy_is_a_draft_without_numbers(shop: TenantScope, other_shop: TenantScope) -> None:
    product_id = made(shop, "Original", tags=("a",))

    with transaction(shop) as session:
        copy = session.get_one(Product, duplicate_product(session, product_id))
        skus = session.scalars(select(Variant.sku).where(Variant.product_id == copy.id)).all()
    with transaction(other_shop) as session, pytest.raises(ProductMissing):
        duplicate_product(session, product_id)

    assert (copy.title, copy.handle, copy.status, copy.tags) == ("Copy of Original", "copy-of-original", "draft", ["a"])
    assert (copy.price_min, skus) == (1_000, [""])


def test_a_product_appears_at_its_hour(shop: TenantScope, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    product_id = made(shop, "Tomorrow", published_at=now + timedelta(days=1))
    only = ProductFilters(ids=(product_id,))
    with transaction(shop) as session:
        early = (announce(session), list_products(session, only).total)

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=2))
    with transaction(shop) as session:
        late = (announce(session), announce(session), list_products(session, only).total)

    assert early == ([], 0)
    assert late == ([product_id], [], 1)


def test_details_change_and_variants_stay(shop: TenantScope, other_shop: TenantScope) -> None:
    product_id = made(shop, "Before")
    before = matrix(shop, product_id)

    with transaction(shop) as session:
        update_details(session, product_id, ProductDetails(title="After", status="archived", handle="after"))
    with transaction(other_shop) as session, pytest.raises(ProductMissing):
        update_details(session, product_id, ProductDetails(title="Theirs"))

    assert matrix(shop, product_id) == before
    with transaction(shop, read_only=True) as session:
        found = session.get_one(Product, product_id)
    assert (found.title, found.handle, found.status) == ("After", "after", "archived")


def test_two_generations_at_once_leave_one_matrix(shop: TenantScope) -> None:
    product_id = made(shop, "Raced")

    def generate(value: str) -> tuple[int, int]:
        with transaction(shop) as session:
            return set_options(session, product_id, [option("Size", "S", value)])

    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(generate, value) for value in ("M", "M")]
        results = [future.result() for future in futures]

    # The second one finds the matrix of the first and makes it anew: its option is a new one.
    assert sorted(results) == [(1, 0), (1, 1)]
    assert [title for title, _ in matrix(shop, product_id)] == ["S", "M"]


def test_two_clicks_put_a_product_into_a_collection_once(shop: TenantScope) -> None:
    ids = [made(shop, "Twice A"), made(shop, "Twice B")]
    with transaction(shop) as session:
        collection_id = save_collection(session, CollectionDraft(title="Twice"))

    def click() -> int:
        with transaction(shop) as session:
            return place_products(session, collection_id, ids)

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(future.result() for future in [pool.submit(click), pool.submit(click)])

    assert counts == [0, 2]
