"""A merchant imports in the browser: upload, columns, check, apply, undo, errors; and takes products out."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from souk.catalog.exporting.run import run_export
from souk.catalog.importing.models import ImportJob
from souk.catalog.importing.run import run_import
from souk.catalog.models import Product
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.imports import export_bytes, import_bytes, states, storage
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import SignedIn, Visitor

FILE = b"Artikelname;Preis;Artikelnummer;Notiz\nMug;9,50;M-1;x\nBowl;billig;B-1;=1+1\n"


def upload(visitor: Visitor, content: bytes, name: str = "liste.csv") -> str:
    """Send the file and return the path of its page."""
    answer = visitor.post("~/imports", {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 303, answer.text
    return answer.location


def count(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.scalar(select(func.count()).select_from(Product)) or 0


def test_a_file_goes_from_upload_to_undo(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    place = upload(visitor, FILE)
    mapping = visitor.get(place).text
    assert re.search(r'<option value="price" selected>', mapping)
    assert '<input type="radio" name="decimal" value="," checked>' in mapping

    chosen = {"column-0": "title", "column-1": "price", "column-2": "sku", "decimal": ","}
    visitor.post(f"{place}/mapping", chosen)
    assert "Comparing the file with the shop" in visitor.get(place).text
    run_import(scope, storage(), 1)
    checked = visitor.get(place).text
    assert "Apply to 1 product<" in checked
    assert "Line 3, Preis: “billig” is no number; write it like 12.50." in checked
    assert count(scope) == 0

    visitor.post(f"{place}/apply")
    run_import(scope, storage(), 1)
    assert "Undo this import" in visitor.get(place).text
    assert states(scope)["mug"].variants[0].price == 950

    visitor.post(f"{place}/undo")
    run_import(scope, storage(), 1)
    assert "The shop is as it was before." in visitor.get(place).text
    assert count(scope) == 0
    assert "liste.csv" in visitor.get("~/imports").text


def test_the_columns_are_remembered_for_the_same_headings_and_can_be_forgotten(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    place = upload(visitor, FILE)
    visitor.post(f"{place}/mapping", {"column-0": "title", "column-1": "price", "column-3": "vendor", "decimal": ","})

    again = visitor.get(upload(visitor, FILE)).text
    assert '<option value="vendor" selected>' in again
    assert '<option value="sku" selected>' not in again

    visitor.post("~/imports/mappings/1/forget")
    assert '<option value="sku" selected>' in visitor.get(upload(visitor, FILE)).text


def test_the_error_file_has_the_refused_rows_with_their_reasons_and_no_formula(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    import_bytes(scope, FILE)

    answer = visitor.get("~/imports/1/errors")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.headers["Content-Disposition"] == "attachment; filename=import-1-errors.csv"
    assert rows == [
        ["Artikelname", "Preis", "Artikelnummer", "Notiz", "What is wrong"],
        ["Bowl", "billig", "B-1", "'=1+1", "Line 3, Preis: “billig” is no number; write it like 12.50."],
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty; export it again."),
        (b"%PDF-1.7", "This is a PDF document; export the products as CSV instead."),
    ],
)
def test_a_refused_file_leaves_no_import_behind(signed_in: SignedIn, content: bytes, sentence: str) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")

    answer = visitor.post("~/imports", {"file": (io.BytesIO(content), "x.csv")})

    assert answer.status_code == 422
    assert sentence in answer.text
    with transaction(scope, read_only=True) as session:
        assert session.scalar(select(func.count()).select_from(ImportJob)) == 0


def test_a_mapping_that_cannot_be_keeps_the_page_and_names_the_columns(signed_in: SignedIn) -> None:
    visitor = signed_in(make_shop(), "admin")
    place = upload(visitor, FILE)

    answer = visitor.post(f"{place}/mapping", {"column-0": "title", "column-1": "title", "decimal": "."})

    assert answer.status_code == 422
    assert "The columns “Artikelname” and “Preis” both fill “Title”; ignore one." in answer.text


def test_progress_is_told_without_the_page(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    import_bytes(scope, FILE)

    facts = visitor.get("~/imports/1/progress.json").json

    assert facts == {
        "percent": 100, "running": False, "products": 2, "created": 1, "updated": 0, "unchanged": 0, "refused": 1,
    }  # fmt: skip


def test_an_export_is_written_by_the_worker_and_downloaded(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    import_bytes(scope, FILE)
    assert visitor.post("~/exports", {"format": "shopify", "status": "active"}).status_code == 303
    assert visitor.get("~/exports/1/file").status_code == 409

    assert run_export(scope, storage(), 1)
    assert not run_export(scope, storage(), 1)

    file = visitor.get("~/exports/1/file")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert [(row["Handle"], row["Variant Price"]) for row in rows] == [("mug", "9.50")]
    assert int(file.headers["Content-Length"]) == len(file.data)
    assert visitor.post("~/exports", {"format": "xlsx"}).status_code == 422


def test_an_export_of_whole_products_comes_back_without_a_choice_of_columns(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    import_bytes(scope, FILE)
    place = upload(visitor, export_bytes(scope, "jsonl"), "products.jsonl")
    assert "there is nothing to choose" in visitor.get(place).text

    answer = visitor.post(f"{place}/mapping", {})
    run_import(scope, storage(), 2)

    assert answer.status_code == 303
    assert "There is nothing to write." in visitor.get(place).text
    assert "Remembered columns" not in visitor.get("~/imports").text


@pytest.mark.parametrize("path", ["imports", "imports/1", "imports/1/errors", "imports/1/progress.json", "exports"])
def test_people_without_the_right_see_no_imports(signed_in: SignedIn, path: str) -> None:
    visitor = signed_in(make_shop(), "fulfillment")

    assert visitor.get(f"~/{path}").status_code == 403


def test_another_shops_import_is_not_there(signed_in: SignedIn) -> None:
    scope = make_shop()
    import_bytes(scope, FILE)
    stranger = signed_in(make_shop(), "owner")

    pages = [stranger.get(f"~/imports/1{rest}").status_code for rest in ("", "/errors", "/progress.json")]
    steps = [stranger.post(f"~/imports/1/{step}").status_code for step in ("check", "apply", "undo", "stop", "mapping")]

    assert pages == [404, 404, 404]
    assert steps == [404, 404, 404, 404, 404]
