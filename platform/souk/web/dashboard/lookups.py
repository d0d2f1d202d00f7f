"""Answer an input that is typed into with the names that it could mean."""

from __future__ import annotations

from flask import jsonify

from souk.kernel.db import transaction
from souk.staff.memberships import ShopAccess
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.lookup_reads import find_names
from souk.web.dashboard.pages import asked


@blueprint.get("/shops/<slug>/names")
@in_shop()
def names(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        found = find_names(session, asked("of"), asked("q"), asked("among"))
    return jsonify(names=[{"value": value, "label": title} for value, title in found])
