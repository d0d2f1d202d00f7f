"""Checkouts that buyers left: what they are worth, what came back, and whether the shop writes to their buyers."""

from __future__ import annotations

from flask import request

from souk.cart.queries import items_of
from souk.checkout.abandoned.link import sign
from souk.checkout.abandoned.policy import MODES, BadReminderPolicy, ReminderPolicy, read_policy, save_policy
from souk.checkout.abandoned.queries import STATUSES, list_abandoned, read_abandoned, status_of, sums_of
from souk.customers.consents import consents_of
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.dashboard.typed_values import cleaned, typed_number


@blueprint.get("/shops/<slug>/abandoned")
@in_shop()
def abandoned_checkouts(access: ShopAccess) -> Answer:
    return _list(access)


def _list(access: ShopAccess, error: SoukError | None = None) -> str:
    query, status, number = asked("q"), asked("status", STATUSES), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_abandoned(session, status=status, query=query, page=number, limit=PER_PAGE)
        policy, sums = read_policy(session), sums_of(session)
    return page(
        "abandoned.html", rows=[(row, status_of(row)) for row in rows], total=total, number=number, per_page=PER_PAGE,
        query=query, status=status, statuses=STATUSES, policy=policy, modes=MODES, sums=sums, error=error,
    )  # fmt: skip


@blueprint.post("/shops/<slug>/abandoned")
@in_shop(Permission.SETTINGS)
def save_reminders(access: ShopAccess) -> Answer:
    form = request.form
    try:
        hours = typed_number(cleaned(form.get("hours", "")), "Hours")
        if hours is None:
            raise BadReminderPolicy
        with transaction(access.scope) as session:
            save_policy(session, ReminderPolicy(form.get("mode", ""), hours * 60))
    except SoukError as error:
        return _list(access, error), error.status
    return done("The settings are saved.", "abandoned_checkouts", access)


@blueprint.get("/shops/<slug>/abandoned/<int:checkout_id>")
@in_shop()
def abandoned_checkout(access: ShopAccess, checkout_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        left = read_abandoned(session, checkout_id)
        items, consents = items_of(session, left.cart_id), consents_of(session, left.email, 5)
    link = f"{config().origin(access.primary_host)}/cart/recover/{sign(access.tenant_id, checkout_id)}"
    return page("abandoned_checkout.html", left=left, status=status_of(left), items=items, link=link, consents=consents)
