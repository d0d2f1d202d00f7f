"""Automated collections, and the category tree."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.categories import ensure_category
from souk.catalog.category_tree import delete_category, read_tree, save_category
from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft, ProductDraft, VariantDraft
from souk.catalog.errors import CategoryInvalid, CategoryMissing, CollectionInvalid
from souk.catalog.models import Category, CollectionProduct, Product
from souk.catalog.place_products import place_products
from souk.catalog.recompute import recompute
from souk.catalog.rules import Condition, Rules, check_rules, count_matching, rules_of
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope, pod_scope
from tests.fixtures.shops import make_shop


@pytest.fixture(scope="module")
def store(platform: None) -> TenantScope:
    """A shop with three products: red at 10.00, red at 50.00 and blue at 10.00."""
    scope = make_shop(currency="USD")
    with transaction(scope) as session:
        lamps = ensure_category(session, ["Home", "Lamps"])
        for title, tag, price in (
            ("Red lamp", "red", 1_000),
            ("Red chair", "red", 5_000),
            ("Blue bowl", "blue", 1_000),
        ):
            category = lamps if "lamp" in title else None
            variants = (VariantDraft(price, sku=title[:4]),)
            save_product(session, ProductDraft(title=title, variants=variants, tags=(tag,), category_id=category))
    return scope


def rules(match: str, *conditions: tuple[str, str, str]) -> Rules:
    return Rules(match, tuple(Condition(*each) for each in conditions))


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (rules("all", ("tag", "is", "red"), ("price", "less_than", "20")), ["Red lamp"]),
        (rules("any", ("tag", "is", "blue"), ("price", "greater_than", "49,99")), ["Blue bowl", "Red chair"]),
        (rules("all", ("tag", "is_not", "red")), ["Blue bowl"]),
        (rules("all", ("title", "contains", "100%")), []),
        (rules("all", ("title", "starts_with", "red")), ["Red chair", "Red lamp"]),
        (rules("all", ("category", "is", "home")), ["Red lamp"]),
        (rules("all", ("sku", "is", "blue")), ["Blue bowl"]),
        (rules("all", ("compare_at_price", "is_set", "")), []),
        (rules("all", ("stock", "is", "out")), ["Blue bowl", "Red chair", "Red lamp"]),
    ],
)
def test_rules_find_what_they_say(store: TenantScope, wanted: Rules, titles: list[str]) -> None:
    with transaction(store, read_only=True) as session:
        found = count_matching(session, wanted, 2)

    assert found == (len(titles), titles)
    assert rules_of(wanted.stored()) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        rules("some", ("tag", "is", "red")), rules("all"), rules("all", ("tag", "contains", "red")),
        rules("all", ("title", "is", "")), rules("all", ("price", "is", "cheap")), rules("all", ("color", "is", "red")),
        rules("all", ("stock", "is", "In stock")),
    ],
)  # fmt: skip
def test_rules_that_mean_nothing_are_refused(wanted: Rules) -> None:
    with pytest.raises(CollectionInvalid):
        check_rules(wanted)


def members(scope: TenantScope, collection_id: int) -> list[str]:
    query = select(Product.title).join(CollectionProduct).where(CollectionProduct.collection_id == collection_id)
    with transaction(scope, read_only=True) as session:
        return list(session.scalars(query.order_by(CollectionProduct.position)))


def automated(scope: TenantScope, wanted: Rules) -> int:
    with transaction(scope) as session:
        collection_id = save_collection(session, CollectionDraft(title="Automated", rules=wanted.stored()))
        recompute(session, collection_id)
    return collection_id


def test_products_join_and_leave_by_themselves(store: TenantScope, other_shop: TenantScope) -> None:
    collection_id = automated(store, rules("all", ("vendor", "is", "Acme")))
    with transaction(store) as session:
        draft = ProductDraft(title="New", vendor="ACME", variants=(VariantDraft(100),))
        product_id = save_product(session, draft)

        joined = recompute(session, product_ids=[product_id])
        again = recompute(session, product_ids=[product_id])
    inside = members(store, collection_id)
    with transaction(store) as session:
        session.get_one(Product, product_id).vendor = "Other"
        session.flush()
        left = recompute(session, product_ids=[product_id])
        with pytest.raises(CollectionInvalid, match="rules"):
            place_products(session, collection_id, [product_id])
    with transaction(other_shop) as session:
        elsewhere = recompute(session)

    assert (joined, again, left, elsewhere) == ([collection_id], [], [collection_id], [])
    assert (inside, members(store, collection_id)) == (["New"], [])


def test_two_recomputations_at_once_add_each_product_once(store: TenantScope) -> None:
    with transaction(store) as session:
        wanted = rules("all", ("tag", "is", "red"))
        collection_id = save_collection(session, CollectionDraft(title="Race", rules=wanted.stored()))

    def run() -> list[int]:
        with transaction(store) as session:
            return recompute(session, collection_id)

    with ThreadPoolExecutor(2) as pool:
        changed = [future.result() for future in [pool.submit(run), pool.submit(run)]]

    assert sorted(changed) == [[], [collection_id]]
    assert members(store, collection_id) == ["Red chair", "Red lamp"]


def paths(scope: TenantScope) -> dict[str, list[str]]:
    with transaction(scope, read_only=True) as session:
        found: dict[str, Any] = {row[0]: row[1] for row in session.execute(select(Category.name, Category.path))}
    return found


def test_a_branch_moves_with_all_below_it(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        home = save_category(session, "Home")
        garden = save_category(session, "Garden")
        lamps = save_category(session, "Lamps", home)
        save_category(session, "Desk lamps", lamps)

        save_category(session, "Lights", garden, lamps)
        with pytest.raises(CategoryInvalid, match="below itself"):
            save_category(session, "Garden", lamps, garden)
        depths = [(node.name, node.depth) for node in read_tree(session)]

    assert depths == [("Garden", 0), ("Lights", 1), ("Desk lamps", 2), ("Home", 0)]
    assert paths(shop)["Desk lamps"] == ["Garden", "Lights", "Desk lamps"]
    with transaction(other_shop) as session, pytest.raises(CategoryMissing):
        delete_category(session, lamps)

    with transaction(shop) as session:
        delete_category(session, lamps)

    assert paths(shop)["Desk lamps"] == ["Garden", "Desk lamps"]


def test_a_branch_that_would_reach_too_deep_stays_where_it_is(shop: TenantScope) -> None:
    with transaction(shop) as session:
        deep = save_category(session, "Level 1")
        for number in range(2, 9):
            deep = save_category(session, f"Level {number}", deep)
        branch = save_category(session, "Branch")
        twig = save_category(session, "Twig", branch)
        leaf = save_category(session, "Leaf", twig)

        with pytest.raises(CategoryInvalid, match="this branch has 3"):
            save_category(session, "Moved", deep, branch)
        save_category(session, "Twig", deep, twig)
        with pytest.raises(CategoryInvalid, match="at most 10 levels;"):
            save_category(session, "Below", leaf)

    known = paths(shop)
    assert known["Branch"] == ["Branch"]
    assert len(known["Leaf"]) == 10


def test_a_path_finds_the_category_that_was_moved_renamed_or_made_by_hand(shop: TenantScope) -> None:
    with transaction(shop) as session:
        made = ensure_category(session, ["Office", "Chairs"])
        work = save_category(session, "Work")
        by_hand = save_category(session, "Stools", work)
        assert made is not None
        save_category(session, "Seats", work, made)

        assert ensure_category(session, ["Work", "Seats"]) == made
        assert ensure_category(session, ["work", "Stools!"]) == by_hand
        assert ensure_category(session, ["Office", "Chairs"]) not in {made, None}


def test_search_hears_of_the_products_of_a_category_that_is_renamed_moved_or_gone(shop: TenantScope) -> None:
    def told(change: Callable[[Session], object]) -> list[int]:
        with transaction(shop) as session:
            change(session)
        with transaction(pod_scope(shop.pod)) as session:
            newest = select(OutboxEvent.name, OutboxEvent.subject_id).where(OutboxEvent.tenant_id == shop.tenant_id)
            rows = session.execute(newest.order_by(OutboxEvent.id.desc()).limit(2)).all()
        return [row.subject_id for row in rows if row.name == "product.updated"]

    with transaction(shop) as session:
        top = save_category(session, "Outdoor")
        inner = save_category(session, "Tents", top)
        other = save_category(session, "Stoves", top)
        product_id = save_product(session, ProductDraft("Tent", (VariantDraft(100),), category_id=inner))
        last = save_category(session, "Lamps", top, place=3)
        save_category(session, "Tents", top, inner, 1)
        places = {node.id: node.place for node in read_tree(session) if node.parent_id == top}

    assert (places[inner], places[other], places[last]) == (1, 2, 3)
    told(lambda session: save_category(session, "Garden"))
    assert told(lambda session: save_category(session, "Outside", None, top)) == [product_id]
    assert told(lambda session: save_category(session, "Lamps", top, last, 1)) == []
    assert told(lambda session: delete_category(session, inner)) == [product_id]


def test_two_branches_cannot_be_hung_below_each_other_at_once(shop: TenantScope) -> None:
    with transaction(shop) as session:
        left, right = save_category(session, "Left"), save_category(session, "Right")

    def move(own: int, parent: int, name: str) -> str:
        try:
            with transaction(shop) as session:
                save_category(session, name, parent, own)
        except CategoryInvalid:
            return "refused"
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(move, left, right, "Left"), pool.submit(move, right, left, "Right")
        ends = sorted([first.result(), second.result()])

    assert ends == ["moved", "refused"]
    with transaction(shop, read_only=True) as session:
        assert {"Left", "Right"} <= {node.name for node in read_tree(session)}
