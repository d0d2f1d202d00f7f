"""The queue before the checkout of a flash sale: a page that comes back by itself, without a script."""

from __future__ import annotations

from flask import g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from souk.cart.queries import OpenCart, items_of
from souk.checkout.admission.policy import read_admission
from souk.checkout.admission.ticket import number_of, sign_ticket
from souk.checkout.admission.wait import Wait, wait_for
from souk.kernel.db import transaction
from souk.web.checkout.branding import Branding, read_branding
from souk.web.checkout.render import page
from souk.web.cookies import TICKET, clear_cookie, read_cookie, set_cookie

LOOK_EVERY = 5
KEPT_FOR = 24 * 3600


def at_gate(session: Session, cart: OpenCart) -> Wait | None:
    """Return how the buyer of a cart stands, None where there is no gate before these goods."""
    if not read_admission(session).on:
        return None
    goods = {item.variant_id: item.product_id for item in items_of(session, cart.id)}
    return wait_for(session, goods, number_of(g.shop.scope.tenant_id, read_cookie(TICKET)))


def waiting_page(wait: Wait) -> Response:
    """Show the place in the queue, or that everything is sold."""
    if request.method == "POST":
        # The page that comes back by itself must not send the form again.
        return with_ticket(redirect("/checkout", 303), wait)
    with transaction(g.shop.scope, read_only=True) as session:
        brand: Branding = read_branding(session)
    response = page("queue.html", brand, standing=wait.standing, every=LOOK_EVERY)
    if wait.standing is not None:
        response.headers["Refresh"] = f"{LOOK_EVERY}; url=/checkout"
    return with_ticket(response, wait)


def with_ticket(response: Response, wait: Wait) -> Response:
    """Leave the ticket in the buyer's browser; there is none to keep once everything is sold."""
    if wait.standing is None:
        clear_cookie(response, TICKET)
    else:
        set_cookie(response, TICKET, sign_ticket(g.shop.scope.tenant_id, wait.standing.number), max_age=KEPT_FOR)
    return response
