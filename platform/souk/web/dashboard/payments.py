"""How the shop is paid: when money is taken, which providers it offers, and which disputes wait for an answer."""

from __future__ import annotations

from flask import request

from plugins.enablement import is_enabled
from plugins.loader import plugins as installed
from souk.checkout.consent import read_terms, set_terms, terms_choices
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.dispute import waiting_disputes
from souk.payments.provider import offered
from souk.payments.settings import capture_mode, set_capture_mode
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page


@blueprint.route("/shops/<slug>/payments", methods=["GET", "POST"])
@in_shop(Permission.SETTINGS)
def payments(access: ShopAccess) -> Answer:
    if request.method == "GET":
        return payments_page(access)
    try:
        with transaction(access.scope) as session:
            if "terms_page" in request.form:
                set_terms(session, request.form["terms_page"])
                return done("The checkout asks for it from now on.", "payments", access)
            set_capture_mode(session, request.form.get("capture", ""))
    except SoukError as error:
        return payments_page(access, error), error.status
    return done("The settings are saved; they hold for payments from now on.", "payments", access)


def payments_page(access: ShopAccess, error: SoukError | None = None) -> str:
    payers = list(installed().objects("payment_providers"))
    with transaction(access.scope, read_only=True) as session:
        names = {provider.name for provider in offered(session)}
        waiting = {
            provider.name for plugin, provider in payers
            if provider.name not in names and is_enabled(session, plugin)
        }  # fmt: skip
        mode, disputes = capture_mode(session), waiting_disputes(session)
        pages, terms = terms_choices(session), read_terms(session)
    return page(
        "payments.html", payers=payers, offered=names, waiting=waiting, mode=mode, disputes=disputes, error=error,
        pages=pages, terms=terms,
    )  # fmt: skip
