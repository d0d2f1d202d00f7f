"""`souk import products` fills the shop it names, says what it left out, and may be repeated."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import select, update

from cli.main import main
from souk.catalog.importing.claim import claim
from souk.catalog.importing.jobs import begin
from souk.catalog.importing.models import ImportJob
from souk.catalog.models import Product, Variant
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.queries import tenant_by_id
from tests.factories.imports import make_import
from tests.fixtures.shops import make_shop

HEADER = "Handle,Title,Body (HTML),Vendor,Option1 Name,Option1 Value,Variant Price,Variant SKU\n"
GOOD = "mug,Mug,<p>Holds tea</p>,Clayworks,Size,Small,9.50,MUG-S\nmug,,,,,Large,12.00,MUG-L\n"
BAD = "broken,Broken,,,Title,Default Title,cheap,B-1\n"


def slug_of(scope: TenantScope) -> str:
    with transaction(control_scope()) as session:
        return tenant_by_id(session, scope.tenant_id).slug


def run(scope: TenantScope, file: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["import", "products", slug_of(scope), str(file), *words])


def stock_list(scope: TenantScope) -> list[tuple[str, str, int]]:
    query = select(Product.handle, Variant.sku, Variant.price).join(Variant, Variant.product_id == Product.id)
    with transaction(scope, read_only=True) as session:
        return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(Variant.position))]


def test_products_land_in_the_named_shop_and_in_no_other(platform: None, tmp_path: Path) -> None:
    shop, other_shop = make_shop(), make_shop()
    file = tmp_path / "products.csv.gz"
    file.write_bytes(gzip.compress((HEADER + GOOD + BAD).encode()))

    result = run(shop, file)

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(
        "Import 1: 1 products made, 0 updated, 0 unchanged, 1 left out.\n  Line 4, Variant Price: “cheap” is no number;"
    )
    assert stock_list(shop) == [("mug", "MUG-S", 950), ("mug", "MUG-L", 1200)]
    assert stock_list(other_shop) == []


def test_a_second_run_updates_and_makes_nothing_twice(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    file = tmp_path / "products.csv"
    file.write_text(HEADER + GOOD)
    run(shop, file)
    file.write_text(HEADER + GOOD.replace("9.50", "8.00"))

    report = json.loads(run(shop, file, "--json").stdout)

    counts = {"created": 0, "updated": 1, "unchanged": 0, "refused": 0}
    assert report == {"import": 2, "status": "applied", "error": "", **counts, "problems": []}
    assert stock_list(shop) == [("mug", "MUG-S", 800), ("mug", "MUG-L", 1200)]


def test_a_file_without_the_columns_changes_nothing(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    file = tmp_path / "orders.csv"
    file.write_text("Order,Email\n#1,a@b.test\n")

    result = run(shop, file)

    assert result.exit_code == 1
    assert "Line 1: no column is used as Title or Address (handle)" in result.output
    assert stock_list(shop) == []


def test_a_dry_run_says_what_would_change_and_changes_nothing(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    file = tmp_path / "products.csv"
    file.write_text(HEADER + GOOD)

    result = run(shop, file, "--dry-run")

    assert result.stdout == "Import 1: 1 products would be made, 0 updated, 0 unchanged, 0 left out.\n"
    assert stock_list(shop) == []


def test_an_import_is_undone_by_its_number(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    file = tmp_path / "products.csv"
    file.write_text(HEADER + GOOD)
    run(shop, file)

    result = CliRunner().invoke(main, ["import", "products", slug_of(shop), "--undo", "1"])

    assert result.stdout == "Import 1 is undone.\n"
    assert stock_list(shop) == []
    again = CliRunner().invoke(main, ["import", "products", slug_of(shop), "--undo", "1"])
    assert again.exit_code == 1
    assert "Import 1 is undone; only what was applied can be undone." in again.output


def test_columns_are_named_by_hand_and_remembered(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    file = tmp_path / "liste.csv"
    file.write_text("Was;Wieviel\nMug;9,50\n")
    refused = run(shop, file)

    given = run(shop, file, "-m", "Was=title", "-m", "Wieviel=price", "--decimal", ",")
    remembered = run(shop, file)

    assert refused.exit_code == 1
    assert "Line 1: no column is used as Title or Address (handle)" in refused.output
    assert given.stdout.endswith("1 products made, 0 updated, 0 unchanged, 0 left out.\n")
    assert remembered.stdout.endswith("0 products made, 0 updated, 1 unchanged, 0 left out.\n")
    assert stock_list(shop) == [("mug", "", 950)]


def test_a_broken_off_import_is_resumed(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    nothing = CliRunner().invoke(main, ["import", "products", slug_of(shop), "--resume"])
    job_id = make_import(shop, (HEADER + GOOD).encode())
    with transaction(shop) as session:
        begin(session, job_id, "apply")
        claim(session, job_id, "elsewhere:1:dead")
        session.execute(update(ImportJob).values(heartbeat_at=clock.now() - timedelta(minutes=1)))

    result = CliRunner().invoke(main, ["import", "products", slug_of(shop), "--resume"])

    assert "No import of this shop was broken off" in nothing.output
    assert result.stdout.endswith("1 products made, 0 updated, 0 unchanged, 0 left out.\n")
    assert stock_list(shop) == [("mug", "MUG-S", 950), ("mug", "MUG-L", 1200)]


def test_an_export_is_written_whole_and_imports_back_without_a_change(platform: None, tmp_path: Path) -> None:
    shop = make_shop()
    source, target = tmp_path / "products.csv", tmp_path / "out.jsonl"
    source.write_text(HEADER + GOOD)
    run(shop, source)

    written = CliRunner().invoke(main, ["export", "products", slug_of(shop), str(target)])
    none = CliRunner().invoke(main, ["export", "products", slug_of(shop), str(tmp_path / "x.csv"), "--status", "draft"])

    assert written.stdout == f"1 products written to {target}.\n"
    assert none.stdout == f"0 products written to {tmp_path / 'x.csv'}.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "products.csv", "x.csv"]
    assert run(shop, target).stdout.endswith("0 products made, 0 updated, 1 unchanged, 0 left out.\n")
