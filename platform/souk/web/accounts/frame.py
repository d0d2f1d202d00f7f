"""What all account pages share: the shop's name and colour, who is signed in, and what is refused."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from souk.customers.queries import CustomerRecord
from souk.customers.sessions import LIFETIME, SignedIn, customer_of_token, note_seen
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.settings import read_setting
from souk.web.cookies import CUSTOMER, read_cookie, set_cookie
from souk.web.origin import refuse_cross_site
from souk.web.surfaces import SHOP, only

Answer = str | BaseResponse | tuple[str, int]
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; object-src 'none';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# Pages for somebody who is not signed in yet.
_OPEN = frozenset({"register", "sign_in", "forgot", "reset", "static"})

blueprint = Blueprint(
    "accounts", __name__, url_prefix="/account", template_folder="templates", static_folder="static",
    static_url_path="/assets",
)  # fmt: skip
blueprint.before_request(only(SHOP))
blueprint.before_request(refuse_cross_site)


@blueprint.before_request
def know_visitor() -> BaseResponse | None:
    """Set g.customer; whoever is not signed in is sent to sign in first."""
    view = (request.endpoint or "").rpartition(".")[2]
    if view == "static":
        return None
    token = read_cookie(CUSTOMER)
    with transaction(g.shop.scope) as session:
        g.customer = customer_of_token(session, token, "session") if token else None
        if g.customer is not None:
            note_seen(session, token)
        g.settings = read_setting(session, "shop")
    if g.customer is not None or view in _OPEN:
        return None
    return redirect(url_for("accounts.sign_in", next=request.path if request.method == "GET" else None))


@blueprint.after_request
def harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    if not (request.endpoint or "").endswith(".static"):
        response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.errorhandler(SoukError)
def show_error(error: SoukError) -> tuple[str, int]:
    return page("error.html", title=error.title, error=error), error.status


def page(template: str, **values: Any) -> str:
    settings = g.get("settings", {})
    color = str(settings.get("brand_color", ""))
    return render_template(
        f"accounts/{template}",
        shop_name=settings.get("name") or g.shop.name,
        color=color if _COLOR.fullmatch(color) else "#22201d",
        customer=g.get("customer"),
        locale=settings.get("locale") or "en",
        **{"error": None} | values,
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
