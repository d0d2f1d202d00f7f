"""What all account pages share: the shop's look, who is signed in, and what is refused."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from souk.customers.queries import CustomerRecord
from souk.customers.sessions import LIFETIME, SignedIn, customer_of_token, note_seen
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.web.checkout.branding import read_branding
from souk.web.checkout.render import drawn
from souk.web.cookies import CUSTOMER, read_cookie, set_cookie
from souk.web.origin import refuse_cross_site
from souk.web.surfaces import SHOP, only
from souk.web.texts import explain, translator

# Pages for somebody who is not signed in yet.
_OPEN = frozenset({"register", "sign_in", "forgot", "reset"})
# The field that cures an error which names none.
_FIELD_OF = {"weak_password": "password"}

blueprint = Blueprint("accounts", __name__, url_prefix="/account", template_folder="templates")
blueprint.before_request(only(SHOP))
blueprint.before_request(refuse_cross_site)


@blueprint.before_request
def know_visitor() -> BaseResponse | None:
    """Set g.customer; whoever is not signed in is sent to sign in first."""
    view = (request.endpoint or "").rpartition(".")[2]
    token = read_cookie(CUSTOMER)
    with transaction(g.shop.scope) as session:
        g.customer = customer_of_token(session, token, "session") if token else None
        if g.customer is not None:
            note_seen(session, token)
        g.brand = read_branding(session)
    if g.customer is not None or view in _OPEN:
        return None
    return redirect(url_for("accounts.sign_in", next=request.path if request.method == "GET" else None))


@blueprint.errorhandler(SoukError)
def show_error(error: SoukError) -> BaseResponse:
    if "brand" not in g:
        with transaction(g.shop.scope, read_only=True) as session:
            g.brand = read_branding(session)
    return page("error.html", error=error)


def page(template: str, *, error: SoukError | None = None, **values: Any) -> Response:
    """Draw `accounts/<template>`; an error stands beside the field that it names, else above the page."""
    fields = {}
    if error is not None:
        field = str(error.extra.get("field", "")) or _FIELD_OF.get(error.code, "")
        fields = {field: explain(error, translator(g.brand.locale))} if field else {}
    return drawn(
        f"accounts/{template}",
        g.brand,
        status=error.status if error else 200,
        customer=g.get("customer"),
        error=error,
        **{"fields": fields} | values,
    )


def me() -> CustomerRecord:
    """Return who is signed in; `know_visitor` lets nobody else in."""
    customer: CustomerRecord = g.customer
    return customer


def let_in(signed_in: SignedIn, target: str) -> BaseResponse:
    """Put the session's secret into the cookie and go on."""
    response = redirect(target, 303)
    set_cookie(response, CUSTOMER, signed_in.token, max_age=int(LIFETIME.total_seconds()))
    return response


def done(endpoint: str) -> BaseResponse:
    """Go to another page, so that a reload does not send the form again."""
    return redirect(url_for(f"accounts.{endpoint}"), 303)


def sender() -> dict[str, str]:
    """Where the request comes from, for throttling and the list of sessions."""
    return {"user_agent": request.headers.get("User-Agent", ""), "ip_address": request.remote_addr or ""}
