"""Who says the taxes: the shop's own table or a plugin, and what holds when that is silent."""

from __future__ import annotations

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.tax.asked import SUBJECT
from souk.tax.errors import TaxProviderInvalid
from souk.tax.provider_policy import ProviderPolicy, save_provider_policy
from souk.web.asked_plugins import installed_ids, switch
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done
from souk.web.dashboard.taxes import taxes_page
from souk.web.dashboard.typed_values import cleaned


@blueprint.post("/shops/<slug>/taxes/provider")
@in_shop(Permission.SETTINGS)
def save_tax_provider(access: ShopAccess) -> Answer:
    policy = ProviderPolicy(cleaned(request.form.get("provider", "")), cleaned(request.form.get("when_silent", "own")))
    try:
        if policy.plugin and policy.plugin not in installed_ids(SUBJECT):
            raise TaxProviderInvalid("provider", "This plugin says no taxes here; choose one of the list.")
        with transaction(access.scope) as session:
            save_provider_policy(session, policy)
            switch(session, SUBJECT, [policy.plugin])
    except SoukError as error:
        return taxes_page(access, chosen=policy, error=error), error.status
    return done("New orders are taxed by this from now on.", "taxes", access)
