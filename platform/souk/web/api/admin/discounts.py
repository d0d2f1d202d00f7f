"""Discounts: list, read, make, change, delete, and their codes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.discounts.bulk_codes import MOST_AT_ONCE, codes_of_discount, generate_codes
from souk.discounts.enter_code import normalize_code
from souk.discounts.models import Discount, DiscountCode
from souk.discounts.queries import discounts_after, read_discount
from souk.discounts.save import delete_discount, save_discount
from souk.kernel import ids
from souk.web.api.admin.discount_rows import draft_of, shape_of, view_of
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_discounts import (
    AdminDiscount,
    AdminDiscountPage,
    CodesMade,
    DiscountChanges,
    DiscountCodes,
    DiscountCodeView,
    DiscountParameters,
    NewDiscount,
    NewDiscountCodes,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted
from souk.web.api.shop.product_rows import shop_currency


@admin_api.operation(
    "GET",
    "/discounts",
    summary="List discounts, newest first",
    tag="discounts",
    takes=DiscountParameters,
    answers=AdminDiscountPage,
    access="admin",
    permission="read_discounts",
)
def list_discounts(call: Call, query: DiscountParameters) -> AdminDiscountPage:
    where = after(Discount.id.expression, query.after)
    if query.method:
        where.append(Discount.method == query.method)
    if query.code:
        owner = select(DiscountCode.discount_id).where(DiscountCode.code == normalize_code(query.code))
        where.append(Discount.id.in_(owner))
    rows = discounts_after(call.session, where, query.limit + 1)
    currency = shop_currency(call.session)
    shown = [view_of(row, currency) for row in rows[: query.limit]]
    return AdminDiscountPage(discounts=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/discounts/{discount_id}",
    summary="Read a discount",
    tag="discounts",
    takes=Nothing,
    answers=AdminDiscount,
    access="admin",
    permission="read_discounts",
)
def read_one_discount(call: Call, _query: Nothing) -> AdminDiscount:
    return _view(call.session, _id(call))


@admin_api.operation(
    "POST",
    "/discounts",
    summary="Make a discount",
    tag="discounts",
    takes=NewDiscount,
    answers=AdminDiscount,
    status=201,
    access="admin",
    permission="write_discounts",
    problems={409: "`discount_code_taken`: the code belongs to another discount."},
)
def create_discount(call: Call, body: NewDiscount) -> AdminDiscount:
    return _view(call.session, save_discount(call.session, draft_of(call.session, body, _currency(call))))


@admin_api.operation(
    "PATCH",
    "/discounts/{discount_id}",
    summary="Change a discount; what is left out stays as it is",
    tag="discounts",
    takes=DiscountChanges,
    answers=AdminDiscount,
    access="admin",
    permission="write_discounts",
    problems={409: "`discount_code_taken`: the code belongs to another discount."},
)
def change_discount(call: Call, body: DiscountChanges) -> AdminDiscount:
    discount_id, currency = _id(call), _currency(call)
    present: dict[str, Any] = shape_of(read_discount(call.session, discount_id), currency)
    wanted = NewDiscount.model_construct(**(present | body.named()))
    save_discount(call.session, draft_of(call.session, wanted, currency), discount_id)
    return _view(call.session, discount_id)


@admin_api.operation(
    "DELETE",
    "/discounts/{discount_id}",
    summary="Delete a discount with its codes; orders keep what it took off",
    tag="discounts",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_discounts",
)
def drop_discount(call: Call, _query: Nothing) -> Deleted:
    discount_id = _id(call)
    delete_discount(call.session, discount_id)
    return Deleted(id=ids.encode(ids.DISCOUNT, discount_id))


@admin_api.operation(
    "POST",
    "/discounts/{discount_id}/codes",
    summary="Make codes in bulk",
    tag="discounts",
    takes=NewDiscountCodes,
    answers=CodesMade,
    status=201,
    access="admin",
    permission="write_discounts",
)
def make_codes(call: Call, body: NewDiscountCodes) -> CodesMade:
    return CodesMade(made=generate_codes(call.session, _id(call), body.count, body.prefix, body.usage_limit))


@admin_api.operation(
    "GET",
    "/discounts/{discount_id}/codes",
    summary="List the codes of a discount",
    tag="discounts",
    takes=Nothing,
    answers=DiscountCodes,
    access="admin",
    permission="read_discounts",
)
def list_codes(call: Call, _query: Nothing) -> DiscountCodes:
    found = read_discount(call.session, _id(call))
    rows = codes_of_discount(call.session, found.id, MOST_AT_ONCE)
    names = DiscountCodeView.model_fields
    return DiscountCodes(codes=[DiscountCodeView(**{name: getattr(row, name) for name in names}) for row in rows])


def _id(call: Call) -> int:
    return ids.decode(ids.DISCOUNT, call.path["discount_id"])


def _currency(call: Call) -> str:
    return shop_currency(call.session)


def _view(session: Session, discount_id: int) -> AdminDiscount:
    return view_of(read_discount(session, discount_id), shop_currency(session))
