"""What is left on a gift card, for whoever has its code."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from souk.kernel import ratelimit
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.payments.gift_cards.plan import find_card
from souk.web.checkout.branding import read_branding
from souk.web.checkout.render import page

TRIES, SECONDS = 30, 900


def gift_card_balance() -> Response:
    """Show the form, and the balance once a code was sent; guessing is slowed down for each address."""
    with transaction(g.shop.scope, read_only=True) as session:
        brand = read_branding(session)
    card, error = None, None
    if request.method == "POST":
        try:
            key = f"gift-card:{g.shop.scope.tenant_id}:{request.remote_addr}"
            ratelimit.limit(key, attempts=TRIES, seconds=SECONDS, pod=g.shop.scope.pod)
            with transaction(g.shop.scope, read_only=True) as session:
                card = find_card(session, request.form.get("code", "")[:60])
        except SoukError as refused:
            error = refused
    return page("gift_card.html", brand, status=error.status if error else 200, card=card, error=error)
