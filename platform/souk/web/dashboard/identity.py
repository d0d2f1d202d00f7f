"""Who is signed in to the dashboard, by Flask-Login over our own revocable sessions."""

from __future__ import annotations

from flask import request
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import control_scope
from souk.staff.queries import StaffRecord
from souk.staff.sessions import SEEN_EVERY, StaffSession, note_seen, open_session, staff_of_token


class Person(UserMixin):  # type: ignore[misc]
    """The signed-in staff account. Its id for Flask-Login is the session's secret, so that ending it works."""

    def __init__(self, record: StaffRecord, opened: StaffSession, token: str) -> None:
        self.record = record
        self.opened = opened
        self._token = token

    def get_id(self) -> str:
        return self._token


def load(token: str) -> Person | None:
    """Return who holds the secret of the cookie; None ends the sign-in."""
    with transaction(control_scope(), read_only=True) as session:
        found = staff_of_token(session, token)
    if found is None:
        return None
    if found[1].last_seen_at < clock.now() - SEEN_EVERY:
        with transaction(control_scope()) as session:
            note_seen(session, found[1].id)
    return Person(*found, token)


login_manager = LoginManager()
login_manager.session_protection = None
login_manager.user_loader(load)


def let_in(staff_id: int) -> None:
    """Open a session and put its secret into the cookie; everything the cookie held before is dropped."""
    with transaction(control_scope()) as session:
        agent = request.headers.get("User-Agent", "")
        token = open_session(session, staff_id, user_agent=agent, ip_address=request.remote_addr or "")
    cookie.clear()
    cookie.permanent = True
    person = load(token)
    assert person is not None
    login_user(person)
