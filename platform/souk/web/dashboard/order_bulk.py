"""One action for many orders of the list; each stands by itself, so that one that cannot stops no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.orders.annotate import add_tags, remove_tags
from souk.orders.archive import archive_order, reopen_order
from souk.orders.documents.issue import issue_invoice
from souk.orders.fulfill import fulfill_order
from souk.orders.models import Order
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_query import order_query_of
from souk.web.dashboard.orders import orders_page
from souk.web.dashboard.pages import done

MOST = 500
# So many reasons are told; the orders' own pages tell the others.
_TOLD = 3
Deed = Callable[[Session, int, str], object]


class NoOrderChosen(Invalid):
    code = "nothing_chosen"

    def __init__(self) -> None:
        super().__init__("Tick the orders first, and choose what to do with them.")


class TooManyOrders(Invalid):
    code = "too_many_orders"

    def __init__(self) -> None:
        super().__init__(f"At most {MOST} orders can be changed at once; narrow the list by its filters.")


@blueprint.post("/shops/<slug>/orders/bulk")
@in_shop(Permission.FULFILL)
def bulk_orders(access: ShopAccess) -> Answer:
    ticked = tuple(int(item) for item in request.form.getlist("ids") if item.isascii() and item.isdecimal())
    try:
        deed = _DEEDS.get(request.form.get("action", ""))
        names = _chosen(access, ticked)
        if deed is None or not names:
            raise NoOrderChosen
        refused = [said for order_id, name in names.items() if (said := _do(access, deed, order_id, name))]
    except SoukError as error:
        return orders_page(access, error, ticked), error.status
    return done(_said(len(names) - len(refused), refused), "orders", access, **order_query_of(request.args).arguments())


def _chosen(access: ShopAccess, ticked: Sequence[int]) -> dict[int, str]:
    """Return id -> name of the ticked orders, or of all that the list's filters match, oldest first."""
    every = "all_matching" in request.form
    wanted = order_query_of(request.args).conditions() if every else [Order.id.in_(ticked[: MOST + 1])]
    found = select(Order.id, Order.name).where(*wanted).order_by(Order.id).limit(MOST + 1)
    with transaction(access.scope, read_only=True) as session:
        names = {row.id: row.name for row in session.execute(found)}
    if len(names) > MOST:
        raise TooManyOrders
    return names


def _do(access: ShopAccess, deed: Deed, order_id: int, name: str) -> str:
    """Do it to one order; returns why not, empty when it worked."""
    try:
        with transaction(access.scope) as session:
            deed(session, order_id, current_user.record.actor)
    except SoukError as error:
        return f"{name}: {error}"
    return ""


def _said(worked: int, refused: Sequence[str]) -> str:
    said = f"{worked:,} order{'' if worked == 1 else 's'} changed."
    if refused:
        said += f" {len(refused):,} left as they were. {' '.join(refused[:_TOLD])}"
    return said


def _tags() -> list[str]:
    return request.form.get("tags", "").replace("\0", "").split(",")


_DEEDS: Mapping[str, Deed] = {
    "ship": lambda session, order_id, actor: fulfill_order(session, order_id, actor=actor),
    "archive": archive_order,
    "reopen": reopen_order,
    "invoice": issue_invoice,
    "tag": lambda session, order_id, actor: add_tags(session, order_id, _tags(), actor),
    "untag": lambda session, order_id, actor: remove_tags(session, order_id, _tags(), actor),
}
