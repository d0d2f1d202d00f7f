"""Price lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from souk.kernel import ids
from souk.pricing.delete_list import delete_price_list
from souk.pricing.drafts import PriceListDraft
from souk.pricing.models import PriceList
from souk.pricing.queries import PriceListView, price_lists_where, read_price_list
from souk.pricing.save_list import save_price_list
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_prices import (
    AdminPriceList,
    NewPriceList,
    PriceListChanges,
    PriceLists,
    QuantityBreak,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import CursorParameters, Deleted

_SAME = ("name", "status", "currency", "priority", "starts_at", "ends_at")
_TAKEN = {409: "`price_list_taken`: another list has this name."}


@admin_api.operation(
    "GET",
    "/price_lists",
    summary="List price lists, newest first",
    tag="prices",
    takes=CursorParameters,
    answers=PriceLists,
    access="admin",
    permission="read_prices",
)
def list_prices_lists(call: Call, query: CursorParameters) -> PriceLists:
    rows = price_lists_where(call.session, after(PriceList.id.expression, query.after), query.limit + 1)
    shown = [price_list_view(row) for row in rows[: query.limit]]
    return PriceLists(price_lists=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/price_lists/{price_list_id}",
    summary="Read a price list",
    tag="prices",
    takes=Nothing,
    answers=AdminPriceList,
    access="admin",
    permission="read_prices",
)
def read_one_price_list(call: Call, _query: Nothing) -> AdminPriceList:
    return _view(call.session, list_id_of(call))


@admin_api.operation(
    "POST",
    "/price_lists",
    summary="Make a price list",
    tag="prices",
    takes=NewPriceList,
    answers=AdminPriceList,
    status=201,
    access="admin",
    permission="write_prices",
    problems=_TAKEN,
)
def create_price_list(call: Call, body: NewPriceList) -> AdminPriceList:
    return _view(call.session, save_price_list(call.session, _draft(body)))


@admin_api.operation(
    "PATCH",
    "/price_lists/{price_list_id}",
    summary="Change a price list; what is left out stays as it is",
    tag="prices",
    takes=PriceListChanges,
    answers=AdminPriceList,
    access="admin",
    permission="write_prices",
    problems=_TAKEN,
)
def change_price_list(call: Call, body: PriceListChanges) -> AdminPriceList:
    list_id = list_id_of(call)
    found = read_price_list(call.session, list_id)
    present = _shape(found) | {"status": found.stored_status}
    save_price_list(call.session, _draft(NewPriceList.model_construct(**(present | body.named()))), list_id)
    return _view(call.session, list_id)


@admin_api.operation(
    "DELETE",
    "/price_lists/{price_list_id}",
    summary="Delete a price list with its prices; orders keep theirs",
    tag="prices",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_prices",
)
def drop_price_list(call: Call, _query: Nothing) -> Deleted:
    list_id = list_id_of(call)
    delete_price_list(call.session, list_id)
    return Deleted(id=ids.encode(ids.PRICE_LIST, list_id))


def list_id_of(call: Call) -> int:
    return ids.decode(ids.PRICE_LIST, call.path["price_list_id"])


def price_list_view(found: PriceListView) -> AdminPriceList:
    return AdminPriceList(**_shape(found), id=ids.encode(ids.PRICE_LIST, found.id), prices=found.prices)


def _view(session: Session, list_id: int) -> AdminPriceList:
    return price_list_view(read_price_list(session, list_id))


def _shape(found: PriceListView) -> dict[str, Any]:
    percent = None if found.percent is None else f"{found.percent:f}".rstrip("0").rstrip(".")
    return {name: getattr(found, name) for name in _SAME} | {
        "countries": list(found.countries),
        "customer_tags": list(found.tags),
        "percent": percent,
        "quantity_breaks": [
            QuantityBreak(min_quantity=one["from"], percent=str(one["percent"])) for one in found.breaks
        ],
    }


def _draft(body: NewPriceList) -> PriceListDraft:
    return PriceListDraft(
        **{name: getattr(body, name) for name in _SAME},
        countries=body.countries,
        tags=body.customer_tags,
        percent=body.percent or "",
        breaks=[(one.min_quantity, one.percent) for one in body.quantity_breaks],
    )
