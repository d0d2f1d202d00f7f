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
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import FILTERS, OrderPage, list_orders, read_order_page, unshipped
from souk.web.dashboard.pages import PER_PAGE, page, page_number


@blueprint.get("/shops/<slug>/orders")
@in_shop()
def orders(access: ShopAccess) -> Answer:
    chosen = {name: request.args.get(name, "") for name in FILTERS}
    query = request.args.get("q", "").replace("\0", "").strip()[:100]
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_orders(session, query=query, page=number, filters=chosen)
    return page(
        "orders.html", orders=rows, total=total, number=number, per_page=PER_PAGE, query=query,
        filters=FILTERS, chosen=chosen,
    )  # fmt: skip


@blueprint.get("/shops/<slug>/orders/<int:order_id>")
@in_shop()
def order(access: ShopAccess, order_id: int) -> Answer:
    return order_page(access, order_id)


def order_page(access: ShopAccess, order_id: int, error: SoukError | None = None) -> str:
    """Show the order; with `error` the form that failed keeps what was typed."""
    with transaction(access.scope, read_only=True) as session:
        found = read_order_page(session, order_id)
        mails, _ = list_mails(session, order_id=order_id)
        downloads = downloads_of(session, order_id)
    return page(
        "order.html", found=found, order=found.order, mails=mails, downloads=downloads,
        names=_actors(found), unshipped=unshipped,
        refund_key=request.form.get("key") or new_token(), me=current_user.record, error=error,
        return_reasons=REASONS, hold_reasons=HOLD_REASONS, carrier_statuses=CARRIER_STATUSES,
    )  # fmt: skip


def _actors(found: OrderPage) -> dict[str, str]:
    ids = {int(event.actor[6:]) for event in found.events if event.actor.startswith("staff:")}
    with transaction(control_scope(), read_only=True) as session:
        return {f"staff:{staff_id}": name for staff_id, name in names_of(session, sorted(ids)).items()}
