"""A merchant brings in orders in the browser: upload, columns, check, apply."""

from __future__ import annotations

import io

import pytest

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.orders.importing.run import run_order_import
from tests.factories.commerce import order_count
from tests.web_dashboard.conftest import SignedIn

FILE = b"Invoice,Quantity,Price,InvoiceDate,Who\n77,2,4.50,2024-03-01 10:00,Ada\n78,x,4.50,2024-03-01 10:00,Bob\n"


def test_a_file_of_orders_is_checked_and_brought_in(shop: TenantScope, signed_in: SignedIn) -> None:
    visitor = signed_in(shop, "admin")

    answer = visitor.post("~/order-imports", {"file": (io.BytesIO(FILE), "old.csv")})
    assert answer.status_code == 303
    page = visitor.get("~/order-imports/1").text
    assert "What do the columns mean?" in page
    assert (
        'name="currency" maxlength="3" required pattern="[A-Za-z]{3}" autocapitalize="characters" value="USD"' in page
    )
    columns = {"column-0": "number", "column-1": "line_quantity", "column-2": "line_price", "column-3": "placed_at",
               "column-4": "name", "decimal": "."}  # fmt: skip
    refused = visitor.post("~/order-imports/1/mapping", columns | {"currency": "POUND"})
    assert (refused.status_code, "is no currency" in refused.text) == (422, True)
    visitor.post("~/order-imports/1/mapping", columns | {"currency": "gbp"})
    run_order_import(shop, media_storage(config()), 1)
    checked = visitor.get("~/order-imports/1").text
    with transaction(shop) as session:
        assert order_count(session) == 0
    visitor.post("~/order-imports/1/apply")
    assert visitor.get("~/order-imports/1/progress.json").json == {
        "percent": 0, "running": True, "orders": 0, "created": 0, "unchanged": 0, "refused": 0,
    }  # fmt: skip
    run_order_import(shop, media_storage(config()), 1)

    assert "Bring in 1 order<" in checked
    assert "is no number" in checked
    with transaction(shop) as session:
        assert order_count(session) == 1
    assert "old.csv" in visitor.get("~/order-imports").text
    assert "no currency are in GBP" in checked
    assert "£9.00" in visitor.get("~/orders").text
    assert "Import 1<" not in visitor.get("~/imports").text


@pytest.mark.parametrize("path", ["order-imports", "order-imports/1", "order-imports/1/progress.json"])
def test_people_without_the_right_see_no_imports(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn, path: str
) -> None:
    assert signed_in(shop, "fulfillment").get(f"~/{path}").status_code == 403
    if path != "order-imports":
        assert signed_in(other_shop, "owner").get(f"~/{path}").status_code == 404
