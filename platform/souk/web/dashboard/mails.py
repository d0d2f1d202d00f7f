"""What was mailed to whom; secret links are never shown."""

from __future__ import annotations

from flask import abort, request

from souk.kernel.db import transaction
from souk.notifications.stored import list_mails, read_mail
from souk.staff.memberships import ShopAccess
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, page, page_number


@blueprint.get("/shops/<slug>/mail")
@in_shop()
def mails(access: ShopAccess) -> Answer:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        rows, total = list_mails(session, page=number, limit=PER_PAGE)
    return page("mails.html", rows=rows, total=total, number=number, per_page=PER_PAGE)


@blueprint.get("/shops/<slug>/mail/<int:mail_id>")
@in_shop()
def mail(access: ShopAccess, mail_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        found = read_mail(session, mail_id)
    if found is None:
        abort(404)
    return page("mail.html", mail=found)
