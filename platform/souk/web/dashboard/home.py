"""Where a person lands: the first shop, and a shop's overview."""

from __future__ import annotations

from flask import redirect, url_for
from flask_login import current_user

from plugins.pauses import pauses
from souk.kernel.db import transaction
from souk.kernel.tenancy import control_scope
from souk.orders.dispute import waiting_disputes
from souk.staff.memberships import ShopAccess, shops_of
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_reads import list_orders, open_counts
from souk.web.dashboard.pages import page, zone
from souk.web.dashboard.sales import draw, sales_by_day

RECENT = 8


@blueprint.get("/")
def start() -> Answer:
    with transaction(control_scope(), read_only=True) as session:
        shops = shops_of(session, current_user.record.id)
    if not shops:
        return page("no_shop.html")
    return redirect(url_for("dashboard.home", slug=shops[0].slug))


@blueprint.get("/shops/<slug>")
@in_shop()
def home(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        days = sales_by_day(session, zone())
        recent, _ = list_orders(session, limit=RECENT)
        counts, disputes = open_counts(session), waiting_disputes(session)
    total, orders = sum(day.total for day in days), sum(day.orders for day in days)
    average = total // orders if orders else 0
    return page(
        "home.html",
        disputes=disputes,
        chart=draw(days),
        orders=recent,
        counts=counts,
        total=total,
        count=orders,
        average=average,
        pauses=pauses(access.scope.pod, access.scope.tenant_id),
    )
