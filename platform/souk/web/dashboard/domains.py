"""The shop's host names."""

from __future__ import annotations

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from tenants.domains import add_domain, make_primary, remove_domain
from tenants.queries import domains_of


@blueprint.get("/shops/<slug>/domains")
@in_shop(Permission.SETTINGS)
def domains(access: ShopAccess) -> Answer:
    return _domains_page(access)


def _domains_page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(control_scope(), read_only=True) as session:
        rows = domains_of(session, access.tenant_id)
    return page("domains.html", rows=rows, error=error)


@blueprint.post("/shops/<slug>/domains")
@in_shop(Permission.SETTINGS)
def change_domains(access: ShopAccess) -> Answer:
    host, action = request.form.get("host", "").strip(), request.form.get("action")
    try:
        with transaction(control_scope()) as session:
            if action == "primary":
                make_primary(session, access.tenant_id, host)
            elif action == "remove":
                remove_domain(session, access.tenant_id, host)
            else:
                add_domain(session, access.tenant_id, host)
    except SoukError as error:
        return _domains_page(access, error), error.status
    return done("The domains are changed.", "domains", access)
