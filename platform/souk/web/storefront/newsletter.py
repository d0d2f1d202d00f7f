"""Newsletter sign-up: the address is asked by mail first, and the link in it leads to a page with a button.

The link alone subscribes nobody: mail programs open links by themselves.
"""

from __future__ import annotations

from flask import redirect, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from souk.customers.newsletter import request_subscription, subscribe
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.email_address import normalize_email
from souk.kernel.errors import Invalid
from souk.web.origin import refuse_cross_site
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.forms import form_page, is_robot, limit, thanked
from souk.web.storefront.language import at, here
from souk.web.storefront.respond import View, draw, opened, this_shop

KIND = "newsletter"
GOOD_FOR = 7 * 24 * 3600


class SubscriptionLinkInvalid(Invalid):
    code = "subscription_link_invalid"

    def __init__(self) -> None:
        super().__init__("This link is older than seven days or incomplete; enter your address again.")


def _signer() -> URLSafeTimedSerializer:
    # The shop is a part of the salt: a link of one shop is worth nothing in another.
    return URLSafeTimedSerializer(config().secret_key, salt=f"newsletter:{this_shop().scope.tenant_id}")


@blueprint.get("/newsletter")
def newsletter_page() -> Response:
    return form_page(KIND)


@blueprint.post("/newsletter")
def newsletter() -> Response:
    refuse_cross_site()
    limit(KIND)
    try:
        if not is_robot():
            address = normalize_email(request.form.get("email", ""))
            with opened() as shop:
                locale = shop.front.localization.locale
            with transaction(this_shop().scope) as session:
                request_subscription(session, address, str(_signer().dumps(address)), locale)
    except Invalid as error:
        return form_page(KIND, error)
    return thanked(KIND, "/newsletter")


@blueprint.get("/newsletter/confirm/<token>")
def confirm_page(token: str) -> Response:
    try:
        values = {"token": token, "email": _address(token)}
    except SubscriptionLinkInvalid as error:
        return form_page(KIND, error)
    with opened() as shop:
        view = View(template="newsletter", page_type=KIND, title=here()("titles.newsletter"), path="/newsletter",
                    resource={}, form_values={"newsletter_confirm": values})  # fmt: skip
        return draw(shop.front, shop.run, view, whole=True)


@blueprint.post("/newsletter/confirm")
def confirm() -> Response:
    refuse_cross_site()
    try:
        address = _address(request.form.get("token", ""))
    except SubscriptionLinkInvalid as error:
        return form_page(KIND, error)
    with opened() as shop:
        locale = shop.front.localization.locale
    with transaction(this_shop().scope) as session:
        subscribe(session, address, locale)
    return redirect(f"{at('/newsletter')}?sent=newsletter_confirm", 303)


def _address(token: str) -> str:
    try:
        return str(_signer().loads(token, max_age=GOOD_FOR))
    except BadSignature as error:
        raise SubscriptionLinkInvalid from error
