"""Lock the storefront behind a password until the shop opens."""

from __future__ import annotations

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done
from souk.web.dashboard.settings import settings_page
from tenants.storefront_password import remove_storefront_password, set_storefront_password


@blueprint.post("/shops/<slug>/settings/lock")
@in_shop(Permission.SETTINGS)
def lock_shop(access: ShopAccess) -> Answer:
    opening = request.form.get("action") == "open"
    try:
        with transaction(control_scope()) as session:
            if opening:
                remove_storefront_password(session, access.tenant_id)
            else:
                set_storefront_password(session, access.tenant_id, request.form.get("password", ""))
    except SoukError as error:
        return settings_page(access, None, error), error.status
    return done(
        "The shop is open to everybody." if opening else "The shop asks for the password now.", "settings", access
    )
