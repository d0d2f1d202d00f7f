"""The signed-in person's own page: password and open sessions."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.staff.memberships import shops_of
from souk.staff.passwords import set_password
from souk.staff.sessions import end_session, list_sessions
from souk.staff.sign_in import check_credentials
from souk.web.dashboard.access import Answer
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import page


@blueprint.get("/account")
def account() -> str:
    return _account_page()


def _account_page(error: SoukError | None = None) -> str:
    with transaction(control_scope(), read_only=True) as session:
        sessions = list_sessions(session, current_user.record.id)
        g.shops = shops_of(session, current_user.record.id)
    return page("account.html", sessions=sessions, error=error)


@blueprint.post("/account/password")
def change_own_password() -> Answer:
    me = current_user.record
    try:
        with transaction(control_scope()) as session:
            check_credentials(session, me.email, request.form.get("current", ""))
            new = request.form.get("password", "")
            set_password(session, me.id, new, keep_session=current_user.opened.id)
    except SoukError as error:
        return _account_page(error), error.status
    flash("Your password is changed; every other session was ended.")
    return redirect(url_for("dashboard.account"), 303)


@blueprint.post("/account/sessions/<int:session_id>/end")
def end_own_session(session_id: int) -> Response:
    with transaction(control_scope()) as session:
        end_session(session, current_user.record.id, session_id)
    flash("The session was ended.")
    return redirect(url_for("dashboard.account"), 303)
