"""Register, sign in and out, and set a new password by mail."""

from __future__ import annotations

from flask import g, request, url_for
from werkzeug.wrappers import Response

from souk.customers.email_proof import request_email_proof
from souk.customers.password_reset import request_password_reset, reset_password
from souk.customers.register import register as register_customer
from souk.customers.sessions import open_session, revoke
from souk.customers.sign_in import sign_in as check_in
from souk.kernel import ratelimit
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.orders.history import claim_history, release_history
from souk.web.accounts.frame import blueprint, done, let_in, page, sender
from souk.web.cookies import CUSTOMER, clear_cookie, read_cookie
from souk.web.own_path import own_path

REGISTRATIONS_PER_IP = 60


@blueprint.route("/register", methods=["GET", "POST"])
def register() -> Response:
    if request.method == "GET":
        return page("register.html")
    form, whence = request.form, sender()
    try:
        key = f"register:{g.shop.scope.tenant_id}:{whence['ip_address']}"
        ratelimit.limit(key, attempts=REGISTRATIONS_PER_IP, seconds=3600, pod=g.shop.scope.pod)
        with transaction(g.shop.scope) as session:
            email, password = form.get("email", ""), form.get("password", "")
            customer_id = register_customer(session, form.get("name", ""), email, password, release=release_history)
            request_email_proof(session, customer_id, ip_address=whence["ip_address"])
            opened = open_session(session, customer_id, "session", **whence)
    except SoukError as error:
        return page("register.html", error=error)
    return let_in(opened, _next())


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    if request.method == "GET":
        return page("sign_in.html")
    form = request.form
    try:
        with transaction(g.shop.scope) as session:
            email, password = form.get("email", ""), form.get("password", "")
            opened = check_in(session, email, password, "session", **sender())
    except SoukError as error:
        return page("sign_in.html", error=error)
    return let_in(opened, _next())


def _next() -> str:
    return own_path(request.args.get("next", ""), url_for("accounts.overview"))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    with transaction(g.shop.scope) as session:
        revoke(session, read_cookie(CUSTOMER))
    response = done("sign_in")
    clear_cookie(response, CUSTOMER)
    return response


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> Response:
    if request.method == "GET":
        return page("forgot.html", sent=False)
    try:
        with transaction(g.shop.scope) as session:
            request_password_reset(session, request.form.get("email", ""), ip_address=sender()["ip_address"])
    except SoukError as error:
        return page("forgot.html", sent=False, error=error)
    return page("forgot.html", sent=True)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Response:
    if request.method == "GET":
        return page("reset.html")
    try:
        with transaction(g.shop.scope) as session:
            customer_id = reset_password(session, token, request.form.get("password", ""))
            claim_history(session, customer_id)
            opened = open_session(session, customer_id, "session", **sender())
    except SoukError as error:
        return page("reset.html", error=error)
    return let_in(opened, url_for("accounts.overview"))
