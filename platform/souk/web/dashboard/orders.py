"""The list of orders and the page of one."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.kernel.tokens import new_token
from souk.notifications.stored import list_mails
from souk.orders.downloads.read import downloads_of
from souk.orders.hold import HOLD_REASONS
from souk.orders.returning.request import REASONS
from souk.orders.track import CARRIER_STATUSES
from souk.staff.memberships import ShopAccess
from souk.staff.queries import names_of
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_query import FILTERS, TITLES, order_query_of, order_query_of_address
from souk.web.dashboard.order_reads import OrderPage, list_orders, read_order_page, unshipped
from souk.web.dashboard.order_timeline import GROUPS, facts_of, shown
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.dashboard.saved_views import ORDERS, delete_view, list_views, save_view
from souk.web.dashboard.told import by_whom


@blueprint.get("/shops/<slug>/orders")
@in_shop()
def orders(access: ShopAccess) -> Answer:
    return orders_page(access)


def orders_page(access: ShopAccess, error: SoukError | None = None, ticked: tuple[int, ...] = ()) -> str:
    """Show the list that the address asks for; `ticked` rows stay chosen when an action was refused."""
    query, number = order_query_of(request.args), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_orders(session, query.conditions(), page=number)
        views = list_views(session, ORDERS)
    return page(
        "orders.html", orders=rows, total=total, number=number, per_page=PER_PAGE, query=query, filters=FILTERS,
        titles=TITLES, views=views, ticked=ticked, error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/orders/views")
@in_shop(Permission.FULFILL)
def change_order_views(access: ShopAccess) -> Answer:
    name, query = request.form.get("name", ""), order_query_of_address(request.form.get("address", ""))
    removing = request.form.get("action") == "delete"
    try:
        with transaction(access.scope) as session:
            if removing:
                delete_view(session, name, ORDERS)
            else:
                save_view(session, name, query.address(), ORDERS)
    except SoukError as error:
        return orders_page(access, error), error.status
    wanted = {} if removing else query.arguments()
    return done("The view is deleted." if removing else "The view is saved.", "orders", access, **wanted)


@blueprint.get("/shops/<slug>/orders/<int:order_id>")
@in_shop()
def order(access: ShopAccess, order_id: int) -> Answer:
    return order_page(access, order_id)


def order_page(access: ShopAccess, order_id: int, error: SoukError | None = None) -> str:
    """Show the order; with `error` the form that failed keeps what was typed."""
    group = asked("timeline", GROUPS)
    with transaction(access.scope, read_only=True) as session:
        found = read_order_page(session, order_id)
        mails, _ = list_mails(session, order_id=order_id)
        downloads = downloads_of(session, order_id)
    return page(
        "order.html", found=found, events=shown(found.events, group), group=group, groups=GROUPS, facts_of=facts_of,
        order=found.order, mails=mails, downloads=downloads, names=_actors(found), by_whom=by_whom,
        unshipped=unshipped,
        refund_key=request.form.get("key") or new_token(), me=current_user.record, error=error,
        return_reasons=REASONS, hold_reasons=HOLD_REASONS, carrier_statuses=CARRIER_STATUSES,
    )  # fmt: skip


def _actors(found: OrderPage) -> dict[str, str]:
    ids = {int(event.actor[6:]) for event in found.events if event.actor.startswith("staff:")}
    with transaction(control_scope(), read_only=True) as session:
        return {f"staff:{staff_id}": name for staff_id, name in names_of(session, sorted(ids)).items()}
