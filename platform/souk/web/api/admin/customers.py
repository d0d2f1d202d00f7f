"""List and read customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from souk.customers.errors import UnknownCustomer
from souk.customers.models import Customer, CustomerAddress
from souk.kernel import ids
from souk.orders.models import Order
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_customers import AdminCustomer, AdminCustomerPage, CustomerParameters
from souk.web.api.schemas.common import Address, Nothing

_ORDERS = select(func.count()).where(Order.customer_id == Customer.id).correlate(Customer).scalar_subquery()
_COLUMNS: tuple[Any, ...] = (
    Customer.id, Customer.email, Customer.name, Customer.phone, Customer.locale,
    Customer.password_hash.is_not(None).label("registered"),
    Customer.email_proven_at.is_not(None).label("email_proven"),
    Customer.accepts_marketing, Customer.note, _ORDERS.label("orders_count"), Customer.disabled_at, Customer.created_at,
)  # fmt: skip
_SAME = (
    "email", "name", "phone", "locale", "registered", "email_proven", "accepts_marketing", "note", "orders_count",
    "disabled_at", "created_at",
)  # fmt: skip


@admin_api.operation(
    "GET",
    "/customers",
    summary="List customers, newest first",
    tag="customers",
    takes=CustomerParameters,
    answers=AdminCustomerPage,
    access="admin",
    permission="read_customers",
)
def list_customers(call: Call, query: CustomerParameters) -> AdminCustomerPage:
    where = after(Customer.id.expression, query.after)
    if query.email:
        where.append(Customer.email == query.email.lower())
    rows = _rows(call.session, where, query.limit + 1)
    shown = _views(call.session, rows[: query.limit])
    return AdminCustomerPage(customers=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/customers/{customer_id}",
    summary="Read a customer",
    tag="customers",
    takes=Nothing,
    answers=AdminCustomer,
    access="admin",
    permission="read_customers",
)
def read_admin_customer(call: Call, _query: Nothing) -> AdminCustomer:
    customer_id = ids.decode(ids.USER, call.path["customer_id"])
    rows = _rows(call.session, [Customer.id == customer_id], 1)
    if not rows:
        raise UnknownCustomer
    return _views(call.session, rows)[0]


def _rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    return session.execute(select(*_COLUMNS).where(*where).order_by(Customer.id.desc()).limit(limit)).all()


def _views(session: Session, rows: Sequence[Row[Any]]) -> list[AdminCustomer]:
    query = select(CustomerAddress.customer_id, CustomerAddress.address)
    theirs = query.where(CustomerAddress.customer_id.in_([row.id for row in rows]))
    addresses: dict[int, list[Address]] = defaultdict(list)
    for customer_id, address in session.execute(theirs.order_by(CustomerAddress.is_default.desc(), CustomerAddress.id)):
        addresses[customer_id].append(Address.model_construct(**address))
    return [
        AdminCustomer(
            **{name: getattr(row, name) for name in _SAME},
            id=ids.encode(ids.USER, row.id),
            addresses=addresses[row.id],
        )
        for row in rows
    ]
