"""The password page of a locked shop, in its own theme."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from souk.kernel import ratelimit
from souk.kernel.db import transaction
from souk.kernel.passwords import password_matches
from souk.kernel.tenancy import control_scope
from souk.web.cookies import set_cookie
from souk.web.origin import refuse_cross_site
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.chosen import chosen
from souk.web.storefront.respond import View, draw, opened, this_shop
from souk.web.storefront_lock import COOKIE, PASSWORD_PAGE, has_key, key_of
from tenants.storefront_password import storefront_password_hash

ATTEMPTS = 10
ATTEMPT_SECONDS = 300
KEPT_SECONDS = 14 * 24 * 3600
MAX_RETURN = 500
_FORM = Markup(
    '<form action="{}" method="post"><label>Password <input type="password" name="password" required></label>'
    "<button>Enter</button></form>"
)


@blueprint.get(PASSWORD_PAGE)
def password_page() -> Response:
    shop = this_shop()
    open_now = not shop.lock or has_key(shop)
    return redirect("/", 302) if open_now and chosen() is None else _page()


@blueprint.post(PASSWORD_PAGE)
def enter_password() -> Response:
    refuse_cross_site()
    shop = this_shop()
    limited = f"storefront-password:{shop.scope.tenant_id}:{request.remote_addr}"
    ratelimit.limit(limited, attempts=ATTEMPTS, seconds=ATTEMPT_SECONDS, pod=shop.scope.pod)
    with transaction(control_scope(), read_only=True) as session:
        stored = storefront_password_hash(session, shop.scope.tenant_id)
    if not stored:
        return redirect("/", 303)
    if not password_matches(request.form.get("password", ""), stored):
        return _page(wrong=True)
    response = redirect(_return_to(), 303)
    set_cookie(response, COOKIE, key_of(shop), max_age=KEPT_SECONDS)
    return response


def _return_to() -> str:
    """Return the page that was asked for first, when it is one of this shop."""
    wanted = request.form.get("return_to", "")[:MAX_RETURN]
    parts = urlsplit(wanted)
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if own and "\\" not in wanted and wanted.isprintable() else "/"


def _page(*, wrong: bool = False) -> Response:
    with opened() as shop:
        view = View(
            template="password",
            page_type="password",
            title=shop.front.shop.name,
            resource={},
            path=PASSWORD_PAGE,
            form_errors={"storefront_password": "wrong_password"} if wrong else {},
        )
        response = draw(shop.front, shop.run, view, status=403 if wrong else 200, whole=True)
    html = response.get_data(as_text=True)
    if f'action="{PASSWORD_PAGE}"' not in html:
        # A theme without the form must not lock its own shop for ever.
        response.set_data(html.replace("</body>", f"{_FORM.format(PASSWORD_PAGE)}</body>", 1))
    return response
