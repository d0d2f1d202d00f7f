"""Who works in the shop: invite, change the role, take out."""

from __future__ import annotations

from flask import request
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.kernel.tokens import new_token
from souk.staff.create import create_staff
from souk.staff.errors import UnknownStaff
from souk.staff.memberships import ShopAccess, add_membership, colleagues, remove_membership
from souk.staff.passwords import request_password_reset
from souk.staff.queries import staff_by_email
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.reset_mail import mail_link
from tenants.models import ROLES


@blueprint.get("/shops/<slug>/staff")
@in_shop(Permission.STAFF)
def staff(access: ShopAccess) -> Answer:
    return _staff_page(access)


def _staff_page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(control_scope(), read_only=True) as session:
        people = colleagues(session, access.tenant_id)
    return page("staff.html", people=people, roles=ROLES, error=error)


@blueprint.post("/shops/<slug>/staff")
@in_shop(Permission.STAFF)
def invite(access: ShopAccess) -> Answer:
    form = request.form
    try:
        with transaction(control_scope()) as session:
            staff_id, asked = _account(session, form.get("email", ""), form.get("name", ""))
            add_membership(session, staff_id, access.tenant_id, form.get("role", ""))
    except SoukError as error:
        return _staff_page(access, error), error.status
    if asked is not None:
        mail_link(*asked)
    return done("The person can work in this shop now.", "staff", access)


def _account(session: Session, email: str, name: str) -> tuple[int, tuple[str, str] | None]:
    try:
        return staff_by_email(session, email).id, None
    except UnknownStaff:
        # Nobody knows this password: its owner sets one with the link.
        staff_id = create_staff(session, email, name, new_token())
    asked = request_password_reset(session, email)
    return staff_id, (asked[0].email, asked[1]) if asked else None


@blueprint.post("/shops/<slug>/staff/<int:staff_id>")
@in_shop(Permission.STAFF)
def change_staff(access: ShopAccess, staff_id: int) -> Answer:
    try:
        with transaction(control_scope()) as session:
            if staff_id not in {person.staff_id for person in colleagues(session, access.tenant_id)}:
                return _staff_page(access), 404
            if request.form.get("action") == "remove":
                remove_membership(session, staff_id, access.tenant_id)
            else:
                add_membership(session, staff_id, access.tenant_id, request.form.get("role", ""))
    except SoukError as error:
        return _staff_page(access, error), error.status
    return done("The change is saved.", "staff", access)
