"""Confirm the account's address with the link that came by mail."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from souk.customers.email_proof import prove_email, request_email_proof
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.history import claim_history
from souk.web.accounts.frame import blueprint, done, me, page, sender


@blueprint.post("/confirm")
def ask_for_proof() -> Response:
    with transaction(g.shop.scope) as session:
        request_email_proof(session, me().id, ip_address=sender()["ip_address"])
    return done("overview")


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Response:
    # Mail scanners follow links: only a form sent from inside the account proves anything.
    if request.method == "GET":
        return page("confirm.html")
    try:
        with transaction(g.shop.scope) as session:
            prove_email(session, me().id, token)
            claim_history(session, me().id)
    except SoukError as error:
        return page("confirm.html", error=error)
    return done("overview")
