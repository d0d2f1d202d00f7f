"""The account's first page with its orders, the profile, and the open sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from souk.customers.errors import WrongCredentials
from souk.customers.profile import change_password, rename
from souk.customers.sessions import end_session, list_sessions, session_of_token
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.models import Order
from souk.web.accounts.devices import browser_of, system_of
from souk.web.accounts.frame import blueprint, done, me, page
from souk.web.cookies import CUSTOMER, read_cookie
from souk.web.texts import translator

ORDERS_A_PAGE = 25
MOST_PAGES = 10_000
_ORDER: tuple[Any, ...] = (
    Order.name, Order.token, Order.placed_at, Order.status, Order.financial_status, Order.fulfillment_status,
    Order.total, Order.currency, Order.shipping_line.has_key("pickup").label("collected"),
)  # fmt: skip


@blueprint.get("")
def overview() -> Response:
    number = max(request.args.get("page", 1, int), 1)
    with transaction(g.shop.scope, read_only=True) as session:
        newest = select(*_ORDER).where(Order.customer_id == me().id).order_by(Order.placed_at.desc(), Order.id.desc())
        # One more than is shown says whether there are older ones.
        found = session.execute(newest.limit(ORDERS_A_PAGE + 1).offset((min(number, MOST_PAGES) - 1) * ORDERS_A_PAGE))
        orders = found.all()
    return page("overview.html", orders=orders[:ORDERS_A_PAGE], number=number, older=len(orders) > ORDERS_A_PAGE)


@blueprint.route("/profile", methods=["GET", "POST"])
def profile() -> Response:
    if request.method == "GET":
        return _profile_page()
    try:
        with transaction(g.shop.scope) as session:
            rename(session, me().id, request.form.get("name", ""))
    except SoukError as error:
        return _profile_page(error)
    return done("profile")


@blueprint.post("/password")
def password() -> Response:
    form = request.form
    try:
        with transaction(g.shop.scope) as session:
            current, new = form.get("current", ""), form.get("password", "")
            change_password(session, me().id, current, new, keep_token=read_cookie(CUSTOMER))
    except WrongCredentials as error:
        return _profile_page(error, {"current": translator(g.brand.locale)("errors.wrong_password")})
    except SoukError as error:
        return _profile_page(error)
    return done("profile")


def _profile_page(error: SoukError | None = None, fields: Mapping[str, str] | None = None) -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        sessions = list_sessions(session, me().id)
        this = session_of_token(session, read_cookie(CUSTOMER))
    told = {} if fields is None else {"fields": fields}
    devices = [(one, browser_of(one.user_agent), system_of(one.user_agent)) for one in sessions]
    return page("profile.html", devices=devices, this_id=this.id if this else 0, error=error, **told)


@blueprint.post("/sessions/<int:session_id>/end")
def end(session_id: int) -> Response:
    with transaction(g.shop.scope) as session:
        end_session(session, me().id, session_id)
    return done("profile")
