"""Pictures that imports named by address: how many came, and which did not."""

from __future__ import annotations

from souk.catalog.pictures.failed import count_fetches, list_failed, try_again
from souk.kernel.db import transaction
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page


@blueprint.get("/shops/<slug>/imports/pictures")
@in_shop()
def pictures(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        counts, rows = count_fetches(session), list_failed(session)
    return page("pictures.html", counts=counts, rows=rows)


@blueprint.post("/shops/<slug>/imports/pictures/again")
@in_shop(Permission.CATALOG)
def fetch_again(access: ShopAccess) -> Answer:
    with transaction(access.scope) as session:
        count = try_again(session)
    return done(f"{count} pictures are tried again.", "pictures", access)
