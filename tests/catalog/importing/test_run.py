from __future__ import annotations

import gzip

import pytest
from sqlalchemy import func, select

from souk.catalog.cards import product_by_handle
from souk.catalog.models import Product
from souk.catalog.relations import texts_of
from souk.catalog.variant_records import variants_of
from souk.inventory.models import InventoryMovement
from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope
from souk.media.models import MediaFetch
from tests.factories.imports import counts, import_bytes, make_import, results, run_step
from tests.fixtures.shops import make_shop
from tests.real_data import FOLDER, PRODUCTS

OFFICIAL = sorted((FOLDER / "shopify-csv").glob("official_*.csv"))
ICECAT = PRODUCTS / "products_shopify.csv.gz"
HEADER = (
    b"Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    b"Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src\n"
)
ROWS = (
    b'mug,Mug,"<p>Holds <b>tea</b><script>x</script></p>",Alba,Cups,"tea, blue",true,Size,S,M-S,shopify,4,deny,9.50,http://x/1.jpg\n'
    b"mug,,,,,,,,L,M-L,shopify,0,deny,12,http://x/2.jpg\n"
    b"mug,,,,,,,,,,,,,,http://x/3.jpg\n"
    b"bowl,Bowl,,Alba,Bowls,,false,Title,Default Title,B-1,,1,deny,20,\n"
)


def test_rows_of_one_handle_become_one_product(platform: None, other_shop: TenantScope) -> None:
    scope = make_shop()

    job = import_bytes(scope, HEADER + ROWS)

    with transaction(scope, read_only=True) as session:
        mug = product_by_handle(session, "mug")
        assert mug is not None
        variants = variants_of(session, [mug.id])[mug.id]
        texts = texts_of(session, [mug.id])[mug.id]
        draft = session.execute(select(Product.status).where(Product.handle == "bowl")).scalar_one()
        hidden = product_by_handle(session, "bowl")
        pictures = session.execute(select(MediaFetch.url, MediaFetch.status).order_by(MediaFetch.position)).all()
    with transaction(other_shop, read_only=True) as session:
        assert product_by_handle(session, "mug") is None
    assert (job.status, job.format, counts(job)) == ("applied", "shopify", (2, 0, 0, 0))
    assert (mug.price_min, mug.price_max, mug.available, mug.tags) == (950, 1200, True, ("tea", "blue"))
    assert mug.options == ({"name": "Size", "values": ["S", "L"]},)
    assert [(v.sku, v.stock, v.available) for v in variants] == [("M-S", 4, True), ("M-L", 0, False)]
    assert texts.description_html == "<p>Holds <b>tea</b></p>"
    assert texts.category == ("cups", "Cups")
    assert (draft, hidden) == ("draft", None)
    assert [tuple(row) for row in pictures] == [(f"http://x/{n}.jpg", "pending") for n in (1, 2, 3)]


def test_a_second_import_updates_and_keeps_ids(platform: None) -> None:
    scope = make_shop()
    import_bytes(scope, HEADER + ROWS)
    with transaction(scope, read_only=True) as session:
        before = product_by_handle(session, "mug")
        assert before is not None
        kept = variants_of(session, [before.id])[before.id][0]

    job = import_bytes(scope, HEADER + b"mug,Big Mug,,Alba,Cups,,true,Size,S,M-S,shopify,7,deny,11,\n")

    with transaction(scope, read_only=True) as session:
        after = product_by_handle(session, "mug")
        assert after is not None
        variants = variants_of(session, [after.id])[after.id]
        ledger = session.scalars(select(InventoryMovement.quantity).order_by(InventoryMovement.id)).all()
    assert counts(job) == (0, 1, 0, 0)
    assert (after.id, after.title, after.price_max) == (before.id, "Big Mug", 1100)
    assert [(v.id, v.stock) for v in variants] == [(kept.id, 7)]
    assert list(ledger) == [4, 3]


def test_the_same_file_again_changes_nothing(platform: None) -> None:
    scope = make_shop()
    import_bytes(scope, HEADER + ROWS)
    with transaction(scope, read_only=True) as session:
        before = session.execute(select(Product.id, Product.version, Product.updated_at).order_by(Product.id)).all()

    job = import_bytes(scope, HEADER + ROWS)

    with transaction(scope, read_only=True) as session:
        after = session.execute(select(Product.id, Product.version, Product.updated_at).order_by(Product.id)).all()
    assert counts(job) == (0, 0, 2, 0)
    assert after == before


def test_columns_that_the_file_lacks_keep_what_the_shop_has(platform: None) -> None:
    scope = make_shop()
    import_bytes(scope, HEADER + ROWS)

    job = import_bytes(scope, b"Handle,Title,Vendor\nmug,Mug,Birk\n")

    with transaction(scope, read_only=True) as session:
        mug = product_by_handle(session, "mug")
        assert mug is not None
        texts = texts_of(session, [mug.id])[mug.id]
    assert counts(job) == (0, 1, 0, 0)
    assert (mug.vendor, mug.price_min, mug.tags) == ("Birk", 950, ("tea", "blue"))
    assert texts.description_html == "<p>Holds <b>tea</b></p>"
    assert [(c["field"], c["before"], c["after"]) for c in results(scope, job.id)[0].changes] == [
        ("vendor", "Alba", "Birk")
    ]


def test_a_bad_product_is_left_out_with_its_place_and_the_others_land(platform: None) -> None:
    scope = make_shop()
    rows = (
        b"a,A,,,,,true,Title,Default Title,,,,deny,1.999,\n"
        b"b,,,,,,true,Title,Default Title,,,,deny,1,\n"
        b"c,C,,,,,true,Title,Default Title,,,,deny,1,\n"
    )

    job = import_bytes(scope, HEADER + rows)

    assert counts(job) == (1, 0, 0, 2)
    reasons = [row.reasons[0] for row in results(scope, job.id, "refused")]
    assert [(reason["line"], reason["column"]) for reason in reasons] == [(2, "Variant Price"), (3, "Title")]
    assert reasons[1]["text"] == "a product needs a title."


def test_a_check_foresees_and_writes_nothing(platform: None) -> None:
    scope = make_shop()
    job_id = make_import(scope, HEADER + ROWS)

    checked = run_step(scope, job_id, "check")

    with transaction(scope, read_only=True) as session:
        assert session.execute(select(func.count()).select_from(Product)).scalar_one() == 0
    assert (checked.status, counts(checked)) == ("checked", (2, 0, 0, 0))
    assert [(row.line, row.last_line, row.action, row.written) for row in results(scope, job_id)] == [
        (2, 4, "created", False),
        (5, 5, "created", False),
    ]
    applied = run_step(scope, job_id, "apply")
    assert (applied.status, counts(applied)) == ("applied", (2, 0, 0, 0))
    assert [row.written for row in results(scope, job_id)] == [True, True]


@pytest.mark.skipif(not OFFICIAL, reason="the sample files are not on this machine")
def test_the_official_sample_files_land_and_land_again_without_a_change(platform: None) -> None:
    scope = make_shop()

    jobs = [import_bytes(scope, path.read_bytes()) for path in OFFICIAL]
    again = [import_bytes(scope, path.read_bytes()) for path in OFFICIAL]

    with transaction(scope, read_only=True) as session:
        total = session.execute(select(func.count()).select_from(Product)).scalar_one()
        bracelet = product_by_handle(session, "chain-bracelet")
    assert [job.refused for job in jobs] == [0, 0, 0]
    assert total == sum(job.created for job in jobs)
    assert [counts(job) for job in again] == [(0, 0, job.created, 0) for job in jobs]
    assert bracelet is not None
    assert bracelet.options == ({"name": "Color", "values": ["Blue", "Black"]},)
    assert (bracelet.price_min, bracelet.compare_at_price) == (4299, 4499)


@pytest.mark.slow
@pytest.mark.skipif(not ICECAT.exists(), reason="the large catalogue is not on this machine")
def test_a_large_catalogue_lands_with_one_event_a_batch(platform: None) -> None:
    scope = make_shop()

    job = import_bytes(scope, gzip.decompress(ICECAT.read_bytes()))

    with transaction(scope, read_only=True) as session:
        events = session.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "products.imported")).all()
    assert counts(job) == (19_406, 0, 0, 0)
    assert sum(len(payload["product_ids"]) for payload in events) == 19_406
    assert max(len(payload["product_ids"]) for payload in events) <= 500
