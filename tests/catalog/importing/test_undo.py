from __future__ import annotations

from sqlalchemy import func, select, update

from souk.catalog.models import Product, Variant
from souk.inventory.adjust import set_on_hand
from souk.inventory.models import InventoryLevel, InventoryMovement
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.imports import counts, import_bytes, read, results, run_step, states
from tests.fixtures.shops import make_shop

HEADER = (
    b"Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Tracker,"
    b"Variant Inventory Qty\n"
)
FIRST = HEADER + b"mug,Mug,Size,S,M-S,9.50,shopify,4\nmug,,,L,M-L,12,shopify,2\n"
SECOND = HEADER + b"mug,Big Mug,Size,S,M-S,11,shopify,7\nbowl,Bowl,Title,Default Title,B,20,shopify,1\n"


def first_variant(scope: TenantScope, sku: str = "M-S") -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Variant.id).where(Variant.sku == sku)).scalar_one()


def test_undo_gives_back_every_product_with_its_variants_and_stock(platform: None) -> None:
    scope = make_shop()
    import_bytes(scope, FIRST)
    before = states(scope)
    job = import_bytes(scope, SECOND)
    assert counts(job) == (1, 1, 0, 0)

    undone = run_step(scope, job.id, "undo")

    assert (undone.status, undone.error) == ("undone", "")
    assert states(scope) == before
    assert [row.written for row in results(scope, job.id)] == [False, False]
    with transaction(scope, read_only=True) as session:
        wrong = session.scalar(
            select(func.count())
            .select_from(InventoryLevel)
            .where(
                InventoryLevel.on_hand
                != select(func.coalesce(func.sum(InventoryMovement.quantity), 0))
                .where(InventoryMovement.level_id == InventoryLevel.id)
                .scalar_subquery()
            )
        )
    assert wrong == 0


def test_an_undone_import_can_be_applied_again(platform: None) -> None:
    scope = make_shop()
    job = import_bytes(scope, FIRST)
    run_step(scope, job.id, "undo")
    assert states(scope) == {}

    again = run_step(scope, job.id, "apply")

    assert (again.status, counts(again)) == ("applied", (1, 0, 0, 0))
    assert [variant.on_hand for variant in states(scope)["mug"].variants] == [4, 2]


def test_undo_is_refused_once_a_person_changed_a_product_and_changes_nothing(platform: None) -> None:
    scope = make_shop()
    job = import_bytes(scope, FIRST)
    with transaction(scope) as session:
        session.execute(update(Product).values(title="Edited"))
    before = states(scope)

    refused = run_step(scope, job.id, "undo")

    assert refused.status == "applied"
    assert refused.error == (
        f"Import {job.id} cannot be undone: 1 of its products were changed or sold since (mug)."
        " Import a corrected file instead."
    )
    assert states(scope) == before


def test_undo_is_refused_once_stock_that_it_set_was_counted_anew(platform: None) -> None:
    scope = make_shop()
    job = import_bytes(scope, FIRST)
    with transaction(scope) as session:
        set_on_hand(session, first_variant(scope), None, 9, "count", "staff:1")

    assert "cannot be undone" in run_step(scope, job.id, "undo").error
    assert states(scope)["mug"].variants[0].on_hand == 9


def test_a_sale_keeps_no_title_from_being_undone(platform: None) -> None:
    scope = make_shop()
    import_bytes(scope, FIRST)
    job = import_bytes(scope, b"Handle,Title\nmug,Renamed\n")
    with transaction(scope) as session:
        set_on_hand(session, first_variant(scope), None, 3, "count", "staff:1")

    undone = run_step(scope, job.id, "undo")

    assert undone.status == "undone"
    assert states(scope)["mug"].title == "Mug"
    assert states(scope)["mug"].variants[0].on_hand == 3


def test_a_product_that_is_promised_to_a_buyer_stays(platform: None) -> None:
    scope = make_shop()
    job = import_bytes(scope, FIRST)
    with transaction(scope) as session:
        session.execute(
            update(InventoryLevel).where(InventoryLevel.variant_id == first_variant(scope)).values(reserved=1)
        )

    assert read(scope, run_step(scope, job.id, "undo").id).status == "applied"
    assert list(states(scope)) == ["mug"]
