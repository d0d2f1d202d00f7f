"""The page of a mailed link that opens nothing any more, in place of the theme's own for a wrong address."""

from __future__ import annotations

from flask import g
from werkzeug.wrappers import Response

from souk.checkout.abandoned.link import RecoveryLinkGone
from souk.kernel.db import transaction
from souk.web.checkout.branding import read_branding
from souk.web.checkout.render import page


def link_gone(error: RecoveryLinkGone) -> Response:
    with transaction(g.shop.scope, read_only=True) as session:
        brand = read_branding(session)
    return page("link_gone.html", brand, status=error.status, error=error)
