"""The list of orders: search, filters, views, bulk actions and the export."""

from __future__ import annotations

import csv
import io
from typing import Any

from sqlalchemy import select, update

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.importing.fields import NEEDED, guess
from souk.orders.models import Order, OrderEvent, OrderLine
from tests.web_dashboard.conftest import SignedIn, Visitor
from tests.web_dashboard.test_dashboard import make_order


def _names(visitor: Visitor, asked: str) -> str:
    return visitor.get(f"~/orders?{asked}").text


def _read(scope: TenantScope, order_id: int) -> tuple[Any, ...]:
    with transaction(scope, read_only=True) as session:
        wanted = select(Order.status, Order.fulfillment_status, Order.tags).where(Order.id == order_id)
        return tuple(session.execute(wanted).one())


def test_orders_are_found_tagged_sent_and_archived_in_bulk(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    first, second, foreign = make_order(shop, 7101), make_order(shop, 7102), make_order(other_shop, 7103)
    with transaction(shop) as session:
        session.execute(update(OrderLine).where(OrderLine.order_id == first).values(sku="MUG-7101"))
        session.execute(update(Order).where(Order.id == second).values(hold_reason="other"))
    packer = signed_in(shop, "fulfillment")

    assert "#7101" in _names(packer, "q=mug-7101")
    assert "#7102" not in _names(packer, "q=mug-7101")
    assert "#7101" not in _names(packer, "q=7101&until=2001-01-01")
    assert "#7101" in _names(packer, "q=7101&since=nonsense")
    assert "#7103" not in _names(packer, "q=7103")

    packer.post("~/orders/bulk?q=71", {"ids": [str(first), str(second), str(foreign)], "action": "tag", "tags": "Vip"})
    assert "#7102" in _names(packer, "tag=vip&q=7102")
    sent = packer.post("~/orders/bulk", {"ids": [str(first), str(second)], "action": "ship"})
    told = packer.get("~/orders").text
    archived = packer.post("~/orders/bulk", {"ids": [str(first), str(second)], "action": "archive"})
    nothing = packer.post("~/orders/bulk", {"action": "archive"})

    assert (sent.status_code, archived.status_code, nothing.status_code) == (303, 303, 422)
    assert "1 order changed. 1 left as they were. #7102: " in told
    assert _read(shop, first) == ("archived", "fulfilled", ["Vip"])
    assert _read(shop, second)[0] == "open"
    assert _read(other_shop, foreign)[2] == []
    assert packer.post(f"~/orders/{first}/reopen").status_code == 303
    assert packer.post(f"~/orders/{first}/reopen").status_code == 409
    with transaction(shop, read_only=True) as session:
        kinds = select(OrderEvent.type).where(OrderEvent.order_id == first).order_by(OrderEvent.id)
        assert session.scalars(kinds).all()[-4:] == ["tagged", "fulfillment_created", "archived", "reopened"]


def test_a_view_of_orders_is_saved_and_the_list_leaves_as_a_file_that_comes_back(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    order_id = make_order(shop, 7201)
    make_order(other_shop, 7202)
    with transaction(shop) as session:
        session.execute(update(Order).where(Order.id == order_id).values(note="=HYPERLINK(1)"))
    owner = signed_in(shop, "owner")

    owner.post("~/orders/views", {"name": "Mine", "address": "status=open&nonsense=1&q=7201"})
    assert 'href="?q=7201&amp;status=open"' in owner.get("~/orders").text
    owner.post("~/orders/views", {"name": "Mine", "address": "", "action": "delete"})
    assert "Mine</a>" not in owner.get("~/orders").text
    file = owner.get("~/orders/export.csv?q=7201")

    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [row["Name"] for row in rows] == ["#7201"]
    # A spreadsheet runs no formula that a buyer wrote.
    assert rows[0]["Notes"] == "'=HYPERLINK(1)"
    assert set(NEEDED) <= set(guess(list(rows[0])).values())
    assert signed_in(shop, "fulfillment").get("~/orders/export.csv").status_code == 403
