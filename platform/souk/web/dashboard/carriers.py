"""The rates of carriers and apps: who is asked, and what is offered when nobody answers."""

from __future__ import annotations

from flask import g, request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.shipping.carrier_policy import save_carrier_policy
from souk.shipping.carriers import SUBJECT
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.asked_plugins import switch
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.carriers_form import policy_of, typed_carriers
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done
from souk.web.dashboard.shipping import shipping_page


@blueprint.post("/shops/<slug>/shipping/carriers")
@in_shop(Permission.SETTINGS)
def save_carriers(access: ShopAccess) -> Answer:
    form, wanted = typed_carriers(request.form), request.form.getlist("provider")
    try:
        policy = policy_of(form, g.shop_settings["currency"])
        with transaction(access.scope) as session:
            save_carrier_policy(session, policy)
            switch(session, SUBJECT, wanted)
    except SoukError as error:
        return shipping_page(access, form, wanted, error), error.status
    return done("The carriers are saved.", "shipping", access)
