"""Sign in and out, and set a new password by mail."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.staff.passwords import request_password_reset, reset_password
from souk.staff.sessions import end_session
from souk.staff.sign_in import check_credentials
from souk.web.dashboard.access import Answer
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.identity import let_in
from souk.web.dashboard.pages import page
from souk.web.dashboard.reset_mail import mail_link, tell_shops
from souk.web.own_path import own_path


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    if request.method == "GET":
        return redirect(url_for("dashboard.start")) if current_user.is_authenticated else page("sign_in.html")
    try:
        with transaction(control_scope()) as session:
            email, password = request.form.get("email", ""), request.form.get("password", "")
            person = check_credentials(session, email, password, ip_address=request.remote_addr or "")
    except SoukError as error:
        return page("sign_in.html", error=error), error.status
    let_in(person.id)
    return redirect(own_path(request.args.get("next", "")), 303)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    with transaction(control_scope()) as session:
        end_session(session, current_user.record.id, current_user.opened.id)
    logout_user()
    cookie.clear()
    return redirect(url_for("dashboard.sign_in"), 303)


@blueprint.route("/forgot", methods=["GET", "POST"])
def forgot() -> Answer:
    if request.method == "GET":
        return page("forgot.html")
    try:
        with transaction(control_scope()) as session:
            asked = request_password_reset(session, request.form.get("email", ""))
    except SoukError as error:
        return page("forgot.html", error=error), error.status
    if asked is not None:
        mail_link(asked[0].email, asked[1])
        tell_shops(asked[0].id)
    flash("If this address has an account, a mail with a link is on its way.")
    return redirect(url_for("dashboard.sign_in"), 303)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Answer:
    if request.method == "GET":
        return page("reset.html")
    try:
        with transaction(control_scope()) as session:
            staff_id = reset_password(session, token, request.form.get("password", ""))
    except SoukError as error:
        return page("reset.html", error=error), error.status
    let_in(staff_id)
    flash("Your password is changed; every other session was ended.")
    return redirect(url_for("dashboard.start"), 303)
