"""What is exported comes back as it was: into the same shop without a change, into another one whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.digital.models import DigitalFile
from souk.catalog.importing.parts import name_of
from souk.catalog.importing.state import ProductState, VariantState
from souk.catalog.importing.write import Change, write_changes
from souk.catalog.metafields.define import DefinitionDraft, define_metafield
from souk.catalog.metaobjects.define import EntryTypeDraft, define_metaobject, read_entry_type
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.catalog.models import Product, Variant
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.factories.imports import counts, export_bytes, import_bytes, make_import, results, run_step, states
from tests.fixtures.shops import make_shop
from tests.real_data import NAUGHTY_STRINGS

DANGEROUS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "''-2", "'x", "\uff1d1")
EXAMPLE = ProductState(
    handle="mug",
    title="=HYPERLINK(1)",
    description_html="<p>Holds <b>tea</b>\n\nand “more”</p>",
    vendor="@Alba",
    product_type="-Cups",
    category=("Home", "Cups & Bowls"),
    tags=("blue", "+new"),
    status="active",
    options=("Size", "Colour"),
    specifications=(("Material", "Clay"),),
    seo_title="'=quoted",
    seo_description="a\ttab",
    variants=[
        VariantState(options=("S", "=red", ""), sku="'012", barcode="009", price=950, compare_at_price=990, on_hand=4),
        VariantState(options=("L", "Blue", ""), sku="-L", price=0, cost=3, inventory_policy="continue", on_hand=-2),
        VariantState(options=("XL", "Blue", ""), price=10**9, inventory_tracked=False, weight_grams=15, taxable=False),
    ],
    pictures=(("https://pictures.example/a.jpg", "=alt"), ("https://pictures.example/b.jpg", "")),
)  # fmt: skip


BUNDLE = (
    b"Handle,Title,Variant SKU,Variant Price,Bundle Components,Digital Files,Download Limit\r\n"
    b"cup,Cup,CUP,5,,,\r\n"
    b"pot,Pot,POT,20,,guide.pdf,7\r\n"
    b'set,Tea set,SET,30,"CUP x 4, POT",,\r\n'
    b"nest,Nest,NEST,90,SET x 2,,\r\n"
    b"lost,Lost,LOST,9,SAUCER x 2,,\r\n"
    b"much,Much,MUCH,9,CUP x 2000,,\r\n"
    b'twice,Twice,TWICE,9,"CUP, CUP x 2",,\r\n'
    b"self,Self,SELF,9,SELF x 2,,\r\n"
)


def test_a_file_makes_bundles_refuses_those_that_cannot_be_and_is_taken_back(platform: None) -> None:
    scope, other = make_shop(), make_shop()
    fill(other, replace(EXAMPLE, handle="saucer", options=(), variants=[VariantState(sku="SAUCER", price=1)]))

    checked = run_step(scope, make_import(scope, BUNDLE), "check")
    job = import_bytes(scope, BUNDLE)

    # A check cannot know which products the file's other rows will have made by then.
    assert (counts(checked), counts(job)) == ((4, 0, 0, 4), (3, 0, 0, 5))
    refused = {row.handle: row.reasons[0] for row in results(scope, job.id, "refused")}
    assert {handle: (each["line"], each["column"]) for handle, each in refused.items()} == {
        handle: (line, "Bundle Components") for line, handle in enumerate(("nest", "lost", "much", "twice", "self"), 5)
    }
    assert "no variant of the shop has the SKU “SAUCER”" in refused["lost"]["text"]
    (note,) = (row.reasons[0] for row in results(scope, job.id, "created") if row.reasons)
    assert (note["line"], note["column"]) == (3, "Digital Files")
    made = states(scope)
    assert made["set"].variants[0].components == (("CUP", 4), ("POT", 1))
    assert (made["pot"].download_times, made["pot"].download_days, made["cup"].download_times) == (7, None, None)
    changed = import_bytes(scope, b"Handle,Title,Variant SKU,Bundle Components\r\nset,Tea set,SET,CUP x 2\r\n")
    assert states(scope)["set"].variants[0].components == (("CUP", 2),)
    assert run_step(scope, changed.id, "undo").status == "undone"
    assert states(scope)["set"].variants[0].components == (("CUP", 4), ("POT", 1))
    by_hand = ProductState(handle="by-hand", title="Set", variants=[VariantState(price=1, components=(("CUP", 2),))])
    with transaction(scope) as session:
        write_changes(session, [Change(None, by_hand)], {}, reason="")
    refused_undo = run_step(scope, job.id, "undo")
    assert (refused_undo.status, "cup" in refused_undo.error, len(states(scope))) == ("applied", True, 4)
    with transaction(scope) as session:
        session.execute(delete(Product).where(Product.handle == "by-hand"))
    assert run_step(scope, job.id, "undo").status == "undone"
    assert states(scope) == {}


def fill(scope: TenantScope, *products: ProductState) -> None:
    with transaction(scope) as session:
        session.execute(delete(BundleComponent))
        session.execute(delete(Product))
        write_changes(session, [Change(None, deepcopy(product)) for product in products], {}, reason="test")


def plain(state: ProductState) -> dict[str, Any]:
    """Return all that counts, without numbers that each shop gives anew."""
    variants = [replace(variant, id=None) for variant in state.variants]
    return {name: getattr(state, name) for name in ProductState.__slots__} | {"id": None, "variants": variants}


METAFIELDS = {
    "custom.glaze": "=matte",
    "custom.care": ["Wipe", "-no soap"],
    "custom.volume": {"value": "0.3", "unit": "l"},
}


def define(*scopes: TenantScope) -> None:
    types = {"glaze": "single_line_text_field", "care": "list.single_line_text_field", "volume": "volume"}
    for scope in scopes:
        with transaction(scope) as session:
            for key, kind in types.items():
                define_metafield(session, DefinitionDraft("product", key.title(), key, kind))


@pytest.mark.parametrize("format_name", ["shopify", "jsonl"])
def test_metafields_go_along_where_the_shop_has_their_definitions(platform: None, format_name: str) -> None:
    scope, other, bare = make_shop(), make_shop(), make_shop()
    define(scope, other)
    fill(scope, replace(EXAMPLE, metafields=METAFIELDS), replace(EXAMPLE, handle="plain"))
    file = export_bytes(scope, format_name)
    before = states(scope)

    again, elsewhere, undefined = import_bytes(scope, file), import_bytes(other, file), import_bytes(bare, file)

    assert counts(again) == (0, 0, 2, 0)
    assert states(scope) == before
    assert counts(elsewhere) == (2, 0, 0, 0)
    assert states(other)["mug"].metafields == METAFIELDS
    assert counts(undefined) == ((2, 0, 0, 0) if format_name == "shopify" else (1, 0, 0, 1))


def refer(scope: TenantScope, *titles: str) -> list[int]:
    """Define custom.maker and custom.goes-with, make entries of these titles, and return their numbers."""
    with transaction(scope) as session:
        kind = read_entry_type(session, define_metaobject(session, EntryTypeDraft("maker", "Makers")))
        drafts: Sequence[tuple[str, str, dict[str, str]]] = (
            ("maker", "metaobject_reference", {"metaobject": "maker"}),
            ("goes-with", "list.product_reference", {}),
        )
        for key, type_name, limits in drafts:
            define_metafield(session, DefinitionDraft("product", key.title(), key, type_name, validations=limits))
        return [save_entry(session, kind, EntryDraft(title)) for title in titles]


@pytest.mark.parametrize("format_name", ["shopify", "jsonl"])
def test_references_go_along_by_what_they_are_known_by(platform: None, format_name: str) -> None:
    scope, other = make_shop(), make_shop()
    anna, berta = refer(scope, "Anna", "Berta")
    _, theirs, _ = refer(other, "Xenia", "Berta", "Anna")
    fill(scope, replace(EXAMPLE, metafields={"custom.maker": berta}), replace(EXAMPLE, handle="plain"))
    plain, named = states(scope)["plain"].id, {"custom.maker": anna}
    # Itself: in another shop it is not there yet when its own row is read.
    with transaction(scope) as session:
        session.execute(
            update(Product).where(Product.id == plain).values(metafields={"custom.goes-with": [plain]} | named)
        )
    before, file = states(scope), export_bytes(scope, format_name)

    again, elsewhere = import_bytes(scope, file), import_bytes(other, file)

    assert (counts(again), states(scope)) == ((0, 0, 2, 0), before)
    assert counts(elsewhere) == (2, 0, 0, 0)
    there = states(other)
    assert there["mug"].metafields == {"custom.maker": theirs}
    assert "custom.goes-with" not in there["plain"].metafields
    later = import_bytes(other, file)
    assert (counts(later), states(other)["plain"].metafields["custom.goes-with"]) == ((0, 1, 1, 0), [there["plain"].id])
    bad = import_bytes(other, b"Handle,Maker (product.metafields.custom.maker)\nmug,nobody\n")
    assert "has the handle 'nobody'" in results(other, bad.id, "refused")[0].reasons[0]["text"]


def test_a_metafield_that_its_type_cannot_read_is_refused_with_its_place(platform: None) -> None:
    scope = make_shop()
    define(scope)

    job = import_bytes(scope, b"Title,Price,Volume (product.metafields.custom.volume)\nMug,9.50,much\n")

    reason = results(scope, job.id, "refused")[0].reasons[0]
    assert (reason["line"], reason["column"]) == (2, "Volume (product.metafields.custom.volume)")
    assert states(scope) == {}


@pytest.mark.parametrize("format_name", ["shopify", "jsonl"])
def test_importing_an_export_changes_nothing(platform: None, format_name: str) -> None:
    scope = make_shop()
    fill(scope, EXAMPLE, replace(EXAMPLE, handle="plain", options=(), variants=[VariantState(price=1)], pictures=()))
    before = states(scope)

    job = import_bytes(scope, export_bytes(scope, format_name))

    assert counts(job) == (0, 0, 2, 0)
    assert states(scope) == before


def test_another_shop_gets_the_whole_product(platform: None) -> None:
    scope, other = make_shop(), make_shop()
    fill(scope, EXAMPLE)

    job = import_bytes(other, export_bytes(scope, "jsonl"))

    assert counts(job) == (1, 0, 0, 0)
    assert plain(states(other)["mug"]) == plain(states(scope)["mug"])


def test_no_cell_of_an_export_is_a_formula(platform: None) -> None:
    scope = make_shop()
    fill(scope, EXAMPLE)

    rows = list(csv.DictReader(io.StringIO(export_bytes(scope).decode("utf-8-sig"))))

    dangerous = [
        (column, cell)
        for row in rows
        for column, cell in row.items()
        if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and column != "Variant Inventory Qty"
    ]
    assert dangerous == []
    assert [row["Title"] for row in rows] == ["'=HYPERLINK(1)", "", ""]
    assert [row["Variant SKU"] for row in rows] == ["''012", "'-L", ""]
    assert rows[1]["Variant Inventory Qty"] == "-2"


def test_an_export_has_only_what_was_asked_for_and_only_of_its_shop(platform: None, other_shop: TenantScope) -> None:
    scope = make_shop()
    fill(scope, EXAMPLE, replace(EXAMPLE, handle="draft", status="draft", vendor="Birk", tags=()))

    def handles(**filters: object) -> list[str]:
        return [json.loads(line)["handle"] for line in export_bytes(scope, "jsonl", **filters).splitlines()]

    assert handles() == ["mug", "draft"]
    assert handles(status="draft") == ["draft"]
    assert handles(vendor="@Alba") == ["mug"]
    assert handles(tag="+new") == ["mug"]
    assert handles(query="birk") == ["draft"]
    assert handles(collection_id=999) == []
    assert export_bytes(other_shop, "jsonl") == b""


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
_LINE = (_TEXT | st.sampled_from(DANGEROUS)).map(str.strip)
_WORD = _LINE.filter(bool)
_AMOUNT = st.integers(0, 10**9)


def _list_item(mark: str) -> st.SearchStrategy[str]:
    return _WORD.filter(lambda text: mark not in text)


@st.composite
def _variants(draw: Callable[..., Any], options: int) -> list[VariantState]:
    keys = draw(st.lists(st.tuples(*[_WORD] * options), min_size=1, max_size=3, unique=True)) if options else [()]
    made = []
    for key in keys:
        tracked = draw(st.booleans())
        padded = (*key, "", "", "")[:3]
        made.append(
            VariantState(
                options=(padded[0], padded[1], padded[2]),
                sku=draw(_LINE),
                barcode=draw(_LINE),
                price=draw(_AMOUNT),
                compare_at_price=draw(st.none() | _AMOUNT),
                cost=draw(st.none() | _AMOUNT),
                weight_grams=draw(st.integers(0, 10**6)),
                requires_shipping=draw(st.booleans()),
                taxable=draw(st.booleans()),
                inventory_tracked=tracked,
                inventory_policy=draw(st.sampled_from(["deny", "continue"])),
                on_hand=draw(st.none() | st.integers(0, 10**6)) if tracked else None,
            )
        )
    return made


@st.composite
def _products(draw: Callable[..., Any]) -> ProductState:
    names = draw(st.lists(_WORD, max_size=3, unique=True).filter(lambda names: names != ["Title"]))
    return ProductState(
        title=draw(_WORD),
        description_html=draw(st.sampled_from(["", "<p>One</p>", "<p>a, b; “c”</p>\n<ul><li>2</li></ul>", "=1"])),
        vendor=draw(_LINE),
        product_type=draw(_LINE),
        tags=tuple(draw(st.lists(_list_item(","), max_size=3, unique=True))),
        status=draw(st.sampled_from(["draft", "active", "archived"])),
        options=tuple(names),
        seo_title=draw(_LINE),
        seo_description=draw(_LINE),
        variants=draw(_variants(len(names))),
        pictures=tuple((f"https://pictures.example/{n}.jpg", draw(_LINE)) for n in range(draw(st.integers(0, 3)))),
        download_times=draw(st.none() | st.integers(1, 1_000)),
        download_days=draw(st.none() | st.integers(1, 3_650)),
    )


@st.composite
def _catalogues(draw: Callable[..., Any]) -> list[ProductState]:
    """Products of which the first may be a bundle of variants of the others, so that the file's order matters."""
    made = draw(st.lists(_products(), min_size=1, max_size=3))
    products = [replace(product, handle=f"p-{number}") for number, product in enumerate(made)]
    skus = [variant.sku for product in products for variant in product.variants]
    names = [
        variant.sku if variant.sku and skus.count(variant.sku) == 1 else name_of(product.handle, variant.label)
        for product in products[1:]
        for variant in product.variants
    ]
    if names:
        chosen = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
        parts = tuple((name, draw(st.integers(1, 1_000))) for name in chosen)
        products[0].variants[0] = replace(products[0].variants[0], components=parts)
    return products


def add_files(scope: TenantScope) -> None:
    """Let every product come with two files, and its first variant with one more."""
    with transaction(scope) as session:
        first = select(Variant.product_id, func.min(Variant.id)).group_by(Variant.product_id)
        for product_id, variant_id in session.execute(first).all():
            for name, owner in (("a, b.pdf", None), ('say "=1".pdf', None), ("own.pdf", variant_id)):
                row = {"filename": name, "storage_key": "files/sold", "parts": 1, "byte_size": 1}
                session.execute(insert(DigitalFile).values(product_id=product_id, variant_id=owner, **row))


@pytest.fixture(scope="module")
def two_shops(platform: None) -> tuple[TenantScope, TenantScope]:
    return make_shop(), make_shop()


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(products=_catalogues(), format_name=st.sampled_from(["shopify", "jsonl"]))
def test_export_after_import_is_the_identity(
    two_shops: tuple[TenantScope, TenantScope], products: list[ProductState], format_name: str
) -> None:
    scope, other = two_shops
    fill(other)
    fill(scope, *products)
    file = export_bytes(scope, format_name)
    before = states(scope)

    again = import_bytes(scope, file)
    elsewhere = import_bytes(other, file)

    assert counts(again) == (0, 0, len(products), 0)
    assert states(scope) == before
    assert counts(elsewhere) == (len(products), 0, 0, 0)
    assert export_bytes(other, format_name) == file
    add_files(scope)
    before = states(scope)
    with_files = import_bytes(scope, export_bytes(scope, format_name))
    assert counts(with_files) == (0, 0, len(products), 0)
    assert all(row.reasons == [] for row in results(scope, with_files.id))
    assert states(scope) == before


@pytest.mark.skipif(not NAUGHTY_STRINGS.exists(), reason="the hostile strings are not on this machine")
def test_hostile_texts_survive_both_ways(platform: None) -> None:
    scope, other = make_shop(), make_shop()
    texts = [
        text.strip() for text in json.loads(NAUGHTY_STRINGS.read_text("utf-8")) if text.strip() and "\x00" not in text
    ]
    named = [replace(EXAMPLE, handle=f"n-{n}", title=text[:255], vendor=text[:255]) for n, text in enumerate(texts)]
    fill(scope, *named)
    file = export_bytes(scope)

    again, elsewhere = import_bytes(scope, file), import_bytes(other, file)

    assert counts(again) == (0, 0, len(texts), 0)
    assert counts(elsewhere) == (len(texts), 0, 0, 0)
    assert [state.title for state in states(other).values()] == [state.title for state in states(scope).values()]
