from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sqlalchemy import func, select

from souk.catalog.cards import product_by_handle
from souk.catalog.importing import import_shopify_csv
from souk.catalog.importing.errors import FileUnreadable, NotAProductFile
from souk.catalog.models import Product
from souk.catalog.relations import texts_of, variants_of
from souk.inventory.models import InventoryMovement
from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop

DATA = Path("/work/shared/data")
OFFICIAL = sorted((DATA / "shopify-csv").glob("official_*.csv"))
ICECAT = DATA / "icecat" / "products_shopify.csv.gz"
HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src\n"
)


def written(tmp_path: Path, rows: str, header: str = HEADER) -> Path:
    path = tmp_path / "products.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


ROWS = (
    'mug,Mug,"<p>Holds <b>tea</b><script>x</script></p>",Alba,Cups,"tea, blue",true,Size,S,M-S,shopify,4,deny,9.50,http://x/1.jpg\n'
    "mug,,,,,,,,L,M-L,shopify,0,deny,12,http://x/2.jpg\n"
    "mug,,,,,,,,,,,,,,http://x/3.jpg\n"
    "bowl,Bowl,,Alba,Bowls,,false,Title,Default Title,B-1,,1,deny,20,\n"
)


def test_rows_of_one_handle_become_one_product(tmp_path: Path, other_shop: TenantScope) -> None:
    scope = make_shop()
    progress: list[int] = []

    report = import_shopify_csv(scope, written(tmp_path, ROWS), lambda at: progress.append(at.products))

    with transaction(scope, read_only=True) as session:
        mug = product_by_handle(session, "mug")
        assert mug is not None
        variants = variants_of(session, [mug.id])[mug.id]
        texts = texts_of(session, [mug.id])[mug.id]
        draft = session.execute(select(Product.status).where(Product.handle == "bowl")).scalar_one()
        hidden = product_by_handle(session, "bowl")
    with transaction(other_shop, read_only=True) as session:
        assert product_by_handle(session, "mug") is None
    assert (report.created, report.updated, report.skipped, report.pictures) == (2, 0, 0, 3)
    assert progress == [2]
    assert (mug.price_min, mug.price_max, mug.available, mug.tags) == (950, 1200, True, ("tea", "blue"))
    assert mug.options == ({"name": "Size", "values": ["S", "L"]},)
    assert [(v.sku, v.stock, v.available) for v in variants] == [("M-S", 4, True), ("M-L", 0, False)]
    assert texts.description_html == "<p>Holds <b>tea</b></p>"
    assert texts.category == ("cups", "Cups")
    assert (draft, hidden) == ("draft", None)


def test_a_second_import_updates_and_keeps_ids(tmp_path: Path) -> None:
    scope = make_shop()
    import_shopify_csv(scope, written(tmp_path, ROWS))
    with transaction(scope, read_only=True) as session:
        before = product_by_handle(session, "mug")
        assert before is not None
        kept = variants_of(session, [before.id])[before.id][0]

    report = import_shopify_csv(
        scope, written(tmp_path, "mug,Big Mug,,Alba,Cups,,true,Size,S,M-S,shopify,7,deny,11,\n")
    )

    with transaction(scope, read_only=True) as session:
        after = product_by_handle(session, "mug")
        assert after is not None
        variants = variants_of(session, [after.id])[after.id]
        ledger = session.scalars(select(InventoryMovement.quantity).order_by(InventoryMovement.id)).all()
    assert (report.created, report.updated) == (0, 1)
    assert (after.id, after.title, after.price_max) == (before.id, "Big Mug", 1100)
    assert [(v.id, v.stock) for v in variants] == [(kept.id, 7)]
    assert list(ledger) == [4, 3]


def test_a_bad_product_is_left_out_with_its_line_and_the_others_land(tmp_path: Path) -> None:
    scope = make_shop()
    rows = (
        "a,A,,,,,true,Title,Default Title,,,,deny,1.999,\n"
        "b,,,,,,true,Title,Default Title,,,,deny,1,\n"
        "c,C,,,,,true,Title,Default Title,,,,deny,1,\n"
    )

    report = import_shopify_csv(scope, written(tmp_path, rows))

    assert (report.created, report.skipped) == (1, 2)
    assert [problem.extra["line"] for problem in report.problems] == [2, 3]
    assert report.problems[1].detail == "Line 3, b: title: a product needs a title."


def test_other_files_are_refused_and_change_nothing(tmp_path: Path) -> None:
    scope = make_shop()
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(gzip.compress(HEADER.encode() * 50)[:60])
    latin = tmp_path / "latin.csv"
    latin.write_bytes(HEADER.encode() + "é,é,,,,,,,,,,,,1,\n".encode("latin-1"))

    with pytest.raises(NotAProductFile, match="Variant Price"):
        import_shopify_csv(scope, written(tmp_path, "a,b\n", "Handle,Title\n"))
    with pytest.raises(FileUnreadable):
        import_shopify_csv(scope, broken)
    with pytest.raises(FileUnreadable):
        import_shopify_csv(scope, latin)

    with transaction(scope, read_only=True) as session:
        assert session.execute(select(func.count()).select_from(Product)).scalar_one() == 0


@pytest.mark.skipif(not OFFICIAL, reason="the sample files are not on this machine")
def test_the_official_sample_files_land(platform: None) -> None:
    scope = make_shop()

    reports = [import_shopify_csv(scope, path) for path in OFFICIAL]

    with transaction(scope, read_only=True) as session:
        total = session.execute(select(func.count()).select_from(Product)).scalar_one()
        bracelet = product_by_handle(session, "chain-bracelet")
    assert [report.skipped for report in reports] == [0, 0, 0]
    assert total == sum(report.created for report in reports)
    assert bracelet is not None
    assert bracelet.options == ({"name": "Color", "values": ["Blue", "Black"]},)
    assert (bracelet.price_min, bracelet.compare_at_price) == (4299, 4499)


@pytest.mark.slow
@pytest.mark.skipif(not ICECAT.exists(), reason="the large catalogue is not on this machine")
def test_a_large_catalogue_lands_with_one_event_a_batch(platform: None) -> None:
    scope = make_shop()

    report = import_shopify_csv(scope, ICECAT)

    with transaction(scope, read_only=True) as session:
        events = session.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "products.imported")).all()
    assert (report.created, report.skipped) == (19_406, 0)
    assert len(events) == 39
    assert sum(len(payload["product_ids"]) for payload in events) == 19_406
