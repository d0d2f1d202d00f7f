"""Let a buyer download again: more often, or for longer."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.orders.downloads.renew import extend_download, reset_download
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.orders import order_page
from souk.web.dashboard.pages import done
from souk.web.dashboard.stock import whole_number


@blueprint.post("/shops/<slug>/orders/<int:order_id>/downloads/<int:download_id>")
@in_shop(Permission.FULFILL)
def renew_download(access: ShopAccess, order_id: int, download_id: int) -> Answer:
    actor = current_user.record.actor
    try:
        with transaction(access.scope) as session:
            if request.form.get("action") == "extend":
                extend_download(session, order_id, download_id, whole_number(request.form.get("days", "")), actor)
            else:
                reset_download(session, order_id, download_id, actor)
    except NotFound:
        raise
    except SoukError as error:
        return order_page(access, order_id, error), error.status
    return done("The buyer can download again.", "order", access, order_id=order_id)
