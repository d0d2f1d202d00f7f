"""End the reminders of a shop: a page with a button, and the one click of mail programs (RFC 8058)."""

from __future__ import annotations

from flask import g
from werkzeug.wrappers import Response

from souk.checkout.abandoned.link import checkout_id_of
from souk.checkout.abandoned.unsubscribe import unsubscribe
from souk.kernel.db import transaction
from souk.web.checkout.branding import read_branding
from souk.web.checkout.render import page


def stop_page(token: str) -> Response:
    """Ask first: mail scanners open every link."""
    checkout_id_of(g.shop.scope.tenant_id, token, for_ever=True)
    return _page(token, stopped=False)


def stop_mails(token: str) -> Response:
    with transaction(g.shop.scope) as session:
        unsubscribe(session, token)
    return _page(token, stopped=True)


def _page(token: str, *, stopped: bool) -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        brand = read_branding(session)
    return page("unsubscribe.html", brand, token=token, stopped=stopped)
