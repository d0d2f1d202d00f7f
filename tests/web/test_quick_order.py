"""Quick order: many articles at once by SKU or from a table, all of them or none."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from flask.testing import FlaskClient

from souk.cart.order_list import Wanted, read_lines
from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.catalog.variant_records import variants_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor
from themes.add_builtin import add_builtin
from themes.publishing import publish_theme


class Stocked(NamedTuple):
    scope: TenantScope
    screw: int
    bolt: int


@pytest.fixture(scope="module")
def stocked(platform: None) -> Stocked:
    scope = make_shop()
    with transaction(scope) as session:
        publish_theme(session, add_builtin(session, "ledger"))
        sized = tuple(VariantDraft(100, (size,), sku=f"SC-{size}", inventory_tracked=False) for size in ("4", "6"))
        screws = save_product(session, ProductDraft("Screw", sized, options=("Size",)))
        bolts = save_product(session, ProductDraft("Bolt", (VariantDraft(250, sku="bolt 7"),)))
        save_product(session, ProductDraft("Twin", (VariantDraft(10, sku="TWIN", inventory_tracked=False),)))
        save_product(session, ProductDraft("Twin two", (VariantDraft(10, sku="twin", inventory_tracked=False),)))
        found = variants_of(session, [screws, bolts])
    return Stocked(scope, found[screws][0].id, found[bolts][0].id)


def lines_of(client: FlaskClient) -> dict[str, int]:
    cart = client.get("/cart.json").json
    assert cart is not None
    return {f"{item['title']} {item['variant_title']}".strip(): item["quantity"] for item in cart["items"]}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SC-4, 5\nSC-6;2\n\nSC-9\t3", [Wanted("SC-4", 5), Wanted("SC-6", 2), Wanted("SC-9", 3)]),
        ("bolt 7 12", [Wanted("bolt 7", 12)]),
        ("SC-4", [Wanted("SC-4", 1)]),
        ("SC-4,", [Wanted("SC-4", 1)]),
        ("SC-4, many", [Wanted("SC-4", None)]),
        ("SC-4, ٣", [Wanted("SC-4", None)]),
    ],
)
def test_a_list_is_read_as_buyers_write_it(text: str, wanted: list[Wanted]) -> None:
    assert read_lines(text) == wanted


def test_a_list_and_typed_lines_go_into_the_cart_at_once(client_for: ClientFor, stocked: Stocked) -> None:
    client = client_for(stocked.scope)

    answer = client.post("/cart/order", data={"sku-1": " sc-4 ", "quantity-1": "3", "sku-2": "", "lines": "SC-6 2"})

    assert (answer.status_code, answer.location) == (303, "/cart")
    assert lines_of(client) == {"Screw 4": 3, "Screw 6": 2}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("SC-4 1\nSC-99 1", "SC-99: this SKU is not known here."),
        ("SC-4 1\nbolt 7, 1", "bolt 7: only 0 can be had now."),
        ("SC-4 1\nTWIN", "TWIN: several articles have this SKU"),
        ("SC-4, 0", "SC-4: the quantity is no whole number from 1 on."),
        ("", "Fill in a quantity first."),
        ("SC-4\n" * 201, "A list holds at most 200 lines"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;: this SKU"),
    ],
)
def test_a_wrong_line_is_told_and_adds_nothing(client_for: ClientFor, stocked: Stocked, lines: str, words: str) -> None:
    client = client_for(stocked.scope)

    answer = client.post("/cart/order", data={"lines": lines})

    assert answer.status_code == 422
    assert words in answer.text
    assert "<script>alert" not in answer.text
    assert lines_of(client) == {}


def test_a_table_adds_what_was_filled_in_or_the_row_whose_button_was_pressed(
    client_for: ClientFor, stocked: Stocked
) -> None:
    client = client_for(stocked.scope)
    field = f"quantity[{stocked.screw}]"

    filled = client.post("/cart/order", data={field: "4", f"quantity[{stocked.screw + 1}]": ""})
    pressed = client.post("/cart/order", data={field: "", f"quantity[{stocked.bolt}]": "9", "only": str(stocked.screw)})
    empty = client.post("/cart/order", data={field: ""}, headers={"Accept": "application/json"})
    bad = client.post("/cart/order", data={field: "-1"}, headers={"Accept": "application/json"})

    assert [filled.status_code, pressed.status_code, empty.status_code, bad.status_code] == [303, 303, 422, 422]
    assert lines_of(client) == {"Screw 4": 5}


def test_numbers_of_another_shop_are_unknown(client_for: ClientFor, stocked: Stocked, other_shop: TenantScope) -> None:
    client = client_for(other_shop)

    by_sku = client.post("/cart/order", data={"lines": "SC-4 1"})
    by_id = client.post("/cart/order", data={f"quantity[{stocked.screw}]": "1"})

    assert [by_sku.status_code, by_id.status_code] == [422, 404]
    assert lines_of(client) == {}


def test_the_page_and_the_rows_are_those_of_the_theme(client_for: ClientFor, stocked: Stocked) -> None:
    client = client_for(stocked.scope)

    assert 'name="sku-1"' in client.get("/quick-order").text
    assert f'name="quantity[{stocked.screw}]"' in client.get("/collections/all").text
