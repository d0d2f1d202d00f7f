"""Every odd file either works or gets a sentence that names line, column and cure; nothing else happens."""

# ruff: noqa: E501  a case stands on one line, with the sentence that it gets

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO

import pytest

from souk.catalog.importing.errors import FileUnreadable, NotAProductFile
from souk.catalog.importing.headings import guess
from souk.catalog.importing.results import sentence
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from tests.factories.imports import counts, import_bytes, make_import, results, run_step, states
from tests.fixtures.shops import make_shop

NEW_HEADINGS = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,"
    "Option3 value,Option3 Linked To,Price,Compare-at price,Cost per item,Charge tax,Tax code,Unit price total measure,"
    "Unit price total measure unit,Unit price base measure,Unit price base measure unit,Inventory tracker,"
    "Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,"
    "Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card,"
    "SEO title,SEO description,Color (product.metafields.shopify.color-pattern),"
    "Google Shopping / Google product category,Google Shopping / Gender"
)
OLD = "Handle,Title,Variant Price,Variant SKU\n"
WORKS = {
    "new headings": NEW_HEADINGS
    + "\nMug,mug,,Alba,,,,TRUE,Active,M-1,,Title,Default Title"
    + "," * 8
    + "9.50,,,TRUE,,,,,,"
    "shopify,3,DENY,120,g,TRUE,manual,,,,,FALSE,,,,,\n",
    "a BOM": "\ufeff" + OLD + "mug,Mug,9.50,M-1\n",
    "semicolons and decimal commas": "Handle;Title;Variant Price;Variant SKU\nmug;Mug;9,50;M-1\n",
    "tabs": "Handle\tTitle\tVariant Price\tVariant SKU\nmug\tMug\t9.50\tM-1\n",
    "a line that names the separator": "sep=;\r\nHandle;Title;Variant Price;Variant SKU\r\nmug;Mug;9,50;M-1\r\n",
    "79 columns": "Handle,Title,Variant Price,Variant SKU,"
    + ",".join(f"Extra {n}" for n in range(75))
    + "\nmug,Mug,9.50,M-1\n",
    "old line ends": OLD.replace("\n", "\r") + "mug,Mug,9.50,M-1\r",
    "empty rows": OLD + ",,,\n\nmug,Mug,9.50,M-1\n,,,\n",
    "currency signs": OLD + 'mug,Mug,"$9.50",M-1\n',
    "line breaks in a cell": OLD + '"mug","Mug",9.50,"M-1"\n',
    "German headings": "Artikelname;Preis;Artikelnummer;Handle\nMug;9,50;M-1;mug\n",
    "JSON Lines": '{"handle": "mug", "name": "Mug", "price": 9.5, "sku": "M-1", "ean": ["1", "2"], "x": {"y": 1}}\n',
    "JSON Lines with cents": '{"slug": "mug", "title": "Mug", "price_cents": 950, "sku": "M-1"}\n',
}
ENCODED = {
    "UTF-16 with a BOM": (OLD + "mug,Größe,9.50,M-1\n").encode("utf-16"),
    "UTF-16 without one": (OLD + "mug,Größe,9.50,M-1\n").encode("utf-16-le"),
    "Windows-1252": (OLD + "mug,Größe,9.50,M-1\n").encode("cp1252"),
    "gzip": gzip.compress((OLD + "mug,Größe,9.50,M-1\n").encode()),
}


def zipped() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


REFUSED_FILES = {
    "empty": (b"", "The file is empty; export it again."),
    "headings only": (OLD.encode(), "Line 1: there are headings but no products below them; export the file again."),
    "Excel": (zipped(), "This is an Excel workbook or a ZIP archive; save it as CSV in UTF-8 and upload that file."),
    "PDF": (b"%PDF-1.7 ...", "This is a PDF document; export the products as CSV instead."),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "This is a picture; upload a CSV or JSON Lines file of products."),
    "a web page": (b"<!doctype html><p>Sign in", "The file is a web page or XML, not a table; save it as CSV in UTF-8 and upload that file."),
    "noise": (bytes(range(1, 256)) * 40, "The file is not text; save it as CSV in UTF-8 and upload that file."),
    "UTF-32": ((OLD + "mug,Mug,9,M\n").encode("utf-32"), "The file is in UTF-32; save it in UTF-8."),
    "a JSON array": (b'[{"title": "Mug"}]', "Line 1: this is one JSON array; write one object on each line (JSON Lines)."),
    "twice the same heading": (b"Handle,Title,Title\nmug,Mug,Mug\n", "Line 1: columns 2 and 3 are both called “Title”; rename or delete one."),
    "600 columns": (",".join(f"c{n}" for n in range(600)).encode() + b"\na,b\n", "Line 1: the file has 600 columns; keep at most 500."),
    "a broken gzip": (gzip.compress(OLD.encode() * 500)[:40], "The gzip file is damaged or cut off; pack it again, or send it unpacked."),
}  # fmt: skip
REFUSED_ROWS = {
    "a NUL byte": (OLD.encode() + b"mug,M\0ug,9.50,M-1\n", "Line 2, Title: the cell has a NUL byte; save the file as UTF-8, or correct this cell."),
    "a broken byte in UTF-8": ((OLD + "é,é,1,x\n").encode() + b"mug,M\xfcg,9.50,M-1\n", "Line 3, Title: the cell has a byte that is no UTF-8; save the file as UTF-8, or correct this cell."),
    "no number": (OLD.encode() + b"mug,Mug,cheap,M-1\n", "Line 2, Variant Price: “cheap” is no number; write it like 12.50."),
    "an ambiguous number": (OLD.encode() + b'mug,Mug,"1,234",M-1\n', "Line 2, Variant Price: “1,234” may be 1234 or 1.234; choose the decimal sign of the file, or write the number without separators."),
    "too many decimals": (OLD.encode() + b"mug,Mug,9.505,M-1\n", "Line 2, Variant Price: '9.505' is not an amount in USD; give a number with at most 2 decimals."),
    "a negative price": (OLD.encode() + b"mug,Mug,-1,M-1\n", "Line 2, Variant Price: the amount is negative; write 0 or more."),
    "no price": (OLD.encode() + b"mug,Mug,,M-1\n", "Line 2, Variant Price: a new product needs a price; write 0 for one that is free."),
    "no title": (OLD.encode() + b"mug,,1,M-1\n", "Line 2, Title: a product needs a title."),
    "neither handle nor title": (OLD.encode() + b",,1,M-1\n", "Line 2, Handle: the cell is empty; every row names its product."),
    "too many cells": (OLD.encode() + b"mug,Mug, blue,1,M-1\n", "Line 2: the row has 5 cells and the headings 4; put quotation marks around a text that contains the separator (the surplus begins with “M-1”)."),
    "a stray quotation mark": (OLD.encode() + b'mug,"Mug"x,1,M-1\n', "Line 2: a quotation mark stands inside a quoted cell; write it twice, or remove it."),
    "one product in two places": (OLD.encode() + b"mug,Mug,1,A\nbowl,Bowl,1,B\nmug,Mug,2,C\n", "Line 4, Handle: “mug” stands in line 2 already; put the rows of one product together."),
    "the same options twice": (b"Handle,Title,Option1 Name,Option1 Value,Variant Price\nmug,Mug,Size,S,1\nmug,,,S,2\n", "Line 3, Option1 Value: the same options stand in line 2; change one of them or delete the row."),
    "a nameless option": (b"Handle,Title,Option1 Name,Option1 Value,Variant Price\nmug,Mug,Title,Default Title,1\nmug,,,L,2\n", "Line 3, Option1 Value: name the option by which the variants differ."),
    "an unknown status": (b"Handle,Title,Variant Price,Status,Body (HTML)\nmug,Mug,1,live,\n", "Line 2, Status: “live” is no status; write draft, active or archived."),
    "no yes and no no": (b"Handle,Title,Variant Price,Variant Taxable,Body (HTML)\nmug,Mug,1,perhaps,\n", "Line 2, Variant Taxable: “perhaps” is neither yes nor no; write TRUE or FALSE."),
    "half a unit": (b"Handle,Title,Variant Price,Variant Inventory Tracker,Variant Inventory Qty\nmug,Mug,1,shopify,1.5\n", "Line 2, Variant Inventory Qty: “1.5” is no whole number up to 1,000,000,000."),
    "no picture": (b"Handle,Title,Variant Price,Variant SKU,Image Src\nmug,Mug,1,M,C:\\mug.jpg\n", "Line 2, Image Src: “C:\\mug.jpg” is no picture's address; it begins with https:// or http://."),
    "broken JSON": (b'{"handle": "bowl", "title": "Bowl", "price": 1}\n{"handle"\n', "Line 2: this is no JSON object (Expecting ':' delimiter: line 2 column 1 (char 10)); write one object on each line."),
    "JSON that is no object": (b'{"handle": "bowl", "title": "Bowl", "price": 1}\n[1]\n', "Line 2: this is JSON, but no object; write {…} on each line."),
    "a wrong type": (b'{"handle": "mug", "title": "Mug", "variants": [{"price": 9.5}]}\n', "Line 1, variants.0.price: input should be a valid string; correct the value."),
}  # fmt: skip
# Those at the beginning of a file are found at once, the others when their turn comes.
MANY = OLD.encode() + b"".join(f"bowl-{n},Bowl,1,B\n".encode() for n in range(30))
STOPPED = {
    "an open quotation mark": (b'mug,"Mug,1,A\nx,y,1,z\n', "the quoted cell that begins here has no end; close its quotation mark."),
    "an endless cell": (b'mug,"' + b"x" * 1_100_000 + b'",1,A\n', "a cell has more than 1,000,000 characters; a quotation mark is probably never closed."),
    "an endless line": (b"x" * 2_100_000, "it has more than 2,000,000 characters; end each row with a line break."),
}  # fmt: skip


@pytest.fixture(scope="module")
def scope(platform: None) -> TenantScope:
    return make_shop()


@pytest.mark.parametrize("name", WORKS)
def test_a_readable_file_brings_the_product(platform: None, name: str) -> None:
    scope = make_shop()

    job = import_bytes(scope, WORKS[name].encode())

    assert (job.status, counts(job)) == ("applied", (1, 0, 0, 0))
    mug = states(scope)["mug"]
    assert (mug.title, mug.variants[0].price, mug.variants[0].sku) == ("Mug", 950, "M-1")


@pytest.mark.parametrize("name", ENCODED)
def test_the_encoding_is_found(platform: None, name: str) -> None:
    scope = make_shop()

    job = import_bytes(scope, ENCODED[name])

    assert counts(job) == (1, 0, 0, 0)
    assert states(scope)["mug"].title == "Größe"


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_is_no_table_is_refused_at_once(scope: TenantScope, name: str) -> None:
    content, refusal = REFUSED_FILES[name]

    with pytest.raises(SoukError) as error:
        make_import(scope, content)

    assert error.value.detail == refusal
    assert isinstance(error.value, FileUnreadable | NotAProductFile)


@pytest.mark.parametrize("name", REFUSED_ROWS)
def test_a_product_that_cannot_be_read_is_refused_with_its_place(platform: None, name: str) -> None:
    scope = make_shop()
    content, refusal = REFUSED_ROWS[name]

    job = run_step(scope, make_import(scope, content), "check")

    assert job.status == "checked"
    assert [sentence(row.reasons[0]) for row in results(scope, job.id, "refused")] == [refusal]
    assert states(scope) == {}


@pytest.mark.parametrize("name", STOPPED)
def test_a_file_that_breaks_off_keeps_what_came_before(platform: None, name: str) -> None:
    scope = make_shop()
    rest, refusal = STOPPED[name]

    with pytest.raises(FileUnreadable, match=f"^Line 2: {refusal}$"):
        make_import(scope, OLD.encode() + rest)
    job = import_bytes(scope, MANY + rest)

    assert (job.status, job.error) == ("failed", f"Line 32: {refusal}")
    # The last product may go on in what cannot be read.
    assert (counts(job), len(states(scope))) == ((29, 0, 0, 0), 29)
    assert run_step(scope, job.id, "undo").status == "undone"
    assert states(scope) == {}


def test_a_colour_without_a_size_is_the_first_option() -> None:
    assert guess(["Titel", "Warengruppe", "Farbe"]) == {
        "Titel": "title", "Warengruppe": "category", "Farbe": "option1_value",
    }  # fmt: skip
    assert guess(["Titel", "Farbe", "Größe"])["Farbe"] == "option2_value"
