"""Orders come over from another system: to the penny, once, in silence."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from souk.catalog.importing.jobs import begin, list_imports, read_import
from souk.catalog.importing.results import list_results
from souk.catalog.importing.upload import store_upload
from souk.customers.models import Customer
from souk.inventory.models import InventoryMovement
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.orders.importing.errors import NotAnOrderFile
from souk.orders.importing.jobs import choose_columns, create_order_import, list_order_imports
from souk.orders.importing.run import run_order_import
from souk.orders.models import Order
from souk.orders.read import OrderView, read_order
from tests.factories.catalog import make_product
from tests.factories.commerce import events, order_count

_HEAD = (
    "Name,Email,Financial Status,Fulfillment Status,Currency,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country,Cancelled at,Refunded Amount"
)
_EVE = "eve@example.com,{},unfulfilled,USD,0,0,{},0,2024-01-07 10:00:00 +0100,1,Cup,7.00,CUP,US,{},"
SHOPIFY = "\n".join([
    _HEAD,
    "#2001,Ada@Example.com,paid,fulfilled,USD,5.00,3.00,36.00,2.00,2024-01-05 10:00:00 +0100,2,Mug,10.00,MUG,US,,",
    "#2002,bob@example.com,partially_refunded,fulfilled,USD,0,0,10.00,0,2024-01-06 10:00:00,1,Mug,10.00,MUG,US,,4.00",
    "#2001,,,,,,,,,,1,Cup,10.00,CUP,,,",
    "#2003," + _EVE.format("pending", "9.99", ""),
    "#2004," + _EVE.format("voided", "7.00", "2024-01-09 10:00:00 +0100"),
])  # fmt: skip
CANCELLATIONS = """\
Invoice;StockCode;Quantity;InvoiceDate;Price;Customer ID;Country
C7;X1;-3;2024-02-01 08:00:00;2,50;13085.0;United Kingdom
A8;;1;2024-02-01 09:00:00;-100,00;;EIRE
T9;X2;1;2024-02-01 09:30:00;0,001;;France
"""


def bring_in(scope: TenantScope, text: str, *, step: str = "apply", fields: Mapping[str, str] | None = None) -> int:
    upload = store_upload(media_storage(config()), scope.tenant_id, io.BytesIO(text.encode()), "orders.csv")
    with transaction(scope) as session:
        job_id = create_order_import(session, upload, "staff:1")
        if fields is not None:
            choose_columns(session, job_id, fields, ".")
        begin(session, job_id, step)
    run_order_import(scope, media_storage(config()), job_id)
    return job_id


def counts(scope: TenantScope, job_id: int) -> tuple[str, int, int, int]:
    with transaction(scope) as session:
        job = read_import(session, job_id)
    return job.status, job.created, job.unchanged, job.refused


def by_name(scope: TenantScope, name: str) -> OrderView:
    with transaction(scope) as session:
        found = session.execute(select(Order.id).where(Order.external_number == name)).scalar_one()
        return read_order(session, found)


def test_orders_come_once_with_customers_money_and_timeline(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        make_product(session, stock=10, price=1_000)
        moved = session.execute(select(func.count(InventoryMovement.id))).scalar_one()
    tried = bring_in(shop, SHOPIFY, step="check")
    with transaction(shop) as session:
        assert order_count(session) == 0

    first, again = bring_in(shop, SHOPIFY), bring_in(shop, SHOPIFY)

    assert counts(shop, tried) == ("checked", 3, 0, 1)
    assert counts(shop, first) == ("applied", 3, 0, 1)
    assert counts(shop, again) == ("applied", 0, 3, 1)
    ada = by_name(shop, "#2001")
    assert [(line.sku, line.quantity, line.discount_total) for line in ada.lines] == [("MUG", 2, 133), ("CUP", 1, 67)]
    assert (ada.total, ada.additional_tax_total, ada.shipping_total, ada.email) == (3_600, 300, 500, "ada@example.com")
    assert (ada.status, ada.financial_status, ada.fulfillment_status) == ("archived", "paid", "fulfilled")
    assert ada.placed_at.isoformat() == "2024-01-05T09:00:00+00:00"
    assert by_name(shop, "#2002").financial_status == "partially_refunded"
    assert by_name(shop, "#2004").status == "canceled"
    with transaction(shop) as session:
        (refused,) = list_results(session, first, action="refused")
        assert (refused.handle, refused.line) == ("#2003", 5)
        assert "the total 999 is neither" in refused.reasons[0]["text"]
        assert session.execute(select(func.count(InventoryMovement.id))).scalar_one() == moved
        assert session.execute(select(Customer.email)).scalars().all() == [
            "ada@example.com",
            "bob@example.com",
            "eve@example.com",
        ]
        assert [job.id for job in list_order_imports(session)] == [again, first, tried]
        assert list_imports(session) == []
    assert events(shop, ada.id, "order.placed", "order.paid") == []
    with transaction(other_shop) as session:
        assert order_count(session) == 0
        assert list_order_imports(session) == []


def test_what_came_back_is_an_order_below_zero(shop: TenantScope) -> None:
    job_id = bring_in(shop, CANCELLATIONS)

    assert counts(shop, job_id) == ("applied", 3, 0, 0)
    back, fee, screw = (by_name(shop, name) for name in ("C7", "A8", "T9"))
    assert (back.total, back.financial_status, back.shipping_address["country"]) == (-750, "refunded", "GB")
    assert [(line.quantity, line.canceled_quantity, line.unit_price) for line in back.lines] == [(3, 3, -250)]
    assert [(row.kind, row.amount) for row in back.payments] == [("refund", 750)]
    assert (fee.total, fee.customer_id, fee.email) == (-10_000, None, "")
    assert (screw.total, screw.payments) == (0, [])
    with transaction(shop) as session:
        nobody = session.execute(select(Customer.email).where(Customer.id == back.customer_id)).scalar_one()
    assert nobody == "customer-13085@imported.invalid"


def test_what_the_database_refuses_keeps_no_other_order_out(shop: TenantScope) -> None:
    row = "{},{},GBP,2024-02-01 08:00:00,{},Screw,{}"
    head = "Name,Email,Currency,Created at,Lineitem quantity,Lineitem name,Lineitem price"
    # A quintillion pounds is more than a column of money holds.
    orders = [("#1", 2, "1.00"), ("#2", 1_000_000_000, "1000000000.00"), ("#3", 1, "3.00")]
    text = "\n".join([head, *(row.format(name, "ada@example.com", count, price) for name, count, price in orders)])
    with transaction(shop) as session:
        before = order_count(session)

    job_id = bring_in(shop, text)

    assert counts(shop, job_id) == ("applied", 2, 0, 1)
    assert [by_name(shop, name).total for name in ("#1", "#3")] == [200, 300]
    with transaction(shop) as session:
        (refused,) = list_results(session, job_id, action="refused")
        assert (refused.handle, refused.line) == ("#2", 3)
        assert order_count(session) == before + 2


def test_columns_without_a_price_are_refused(shop: TenantScope) -> None:
    upload = store_upload(media_storage(config()), shop.tenant_id, io.BytesIO(b"Invoice,Qty\n1,2\n"), "orders.csv")
    with transaction(shop) as session:
        job_id = create_order_import(session, upload, "staff:1")
        with pytest.raises(NotAnOrderFile):
            choose_columns(session, job_id, {"Invoice": "number", "Qty": "line_quantity"}, ".")
        begin(session, job_id, "apply")
        before = order_count(session)
    run_order_import(shop, media_storage(config()), job_id)
    with transaction(shop) as session:
        assert read_import(session, job_id).status == "failed"
        assert order_count(session) == before
