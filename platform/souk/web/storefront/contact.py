"""The contact form: a mail to the shop, with the sender's address to answer to."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from souk.content.message import send_message
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.web.origin import refuse_cross_site
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.forms import form_page, is_robot, limit, thanked
from souk.web.storefront.respond import this_shop

KIND = "contact"


@blueprint.get("/contact")
def contact_page() -> Response:
    return form_page(KIND)


@blueprint.post("/contact")
def contact() -> Response:
    refuse_cross_site()
    limit(KIND)
    form = request.form
    try:
        if not is_robot():
            with transaction(this_shop().scope) as session:
                send_message(session, form.get("name", ""), form.get("email", ""), form.get("message", ""))
    except Invalid as error:
        return form_page(KIND, error)
    return thanked(KIND, "/contact")
