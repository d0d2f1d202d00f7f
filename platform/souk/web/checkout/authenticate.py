"""The extra step that a payment may ask for, drawn by us for gateways without a page of their own."""

from __future__ import annotations

from flask import g, redirect, request
from werkzeug.wrappers import Response

from souk.checkout.complete import resume_checkout
from souk.checkout.read import CheckoutView
from souk.checkout.step import step_of
from souk.kernel.errors import NotFound, SoukError
from souk.payments.errors import PaymentUnknown
from souk.web.checkout.branding import Branding
from souk.web.checkout.render import page
from souk.web.checkout.show import draw, read_page


def ask(token: str) -> Response:
    """Show what the buyer is asked; without a question there is nothing to do here."""
    view, brand = read_page(token)
    if view.action.get("type") == "redirect":
        return _leave(str(view.action["url"]), brand, view)
    if view.action.get("type") == "script":
        return _script(token, brand, view)
    if not view.action:
        return redirect(f"/checkout/{token}", 303)
    return page("authenticate.html", brand, view=view, action=view.action)


def _leave(url: str, brand: Branding, view: CheckoutView) -> Response:
    # Not a redirect: it would belong to the form that was sent, and our policy lets no form lead elsewhere.
    response = page("leave.html", brand, view=view, url=url)
    # Who comes back by the browser's button is asked instead, or they could never pay in another way.
    if "go" in request.args:
        response.headers["Refresh"] = f"0; url={url}"
    return response


def _script(token: str, brand: Branding, view: CheckoutView) -> Response:
    try:
        found = step_of(g.shop.scope, token)
    except PaymentUnknown:
        found = None
    if found is None:
        return redirect(f"/checkout/{token}", 303)
    return page("step.html", brand, view=view, provider=found.provider, part=found.part, parts=[found.part])


def answer(token: str) -> Response:
    """Hand the buyer's choice to the provider and go where its answer leads."""
    outcome = request.form.get("outcome", "")[:100]
    try:
        done = resume_checkout(g.shop.scope, token, {"outcome": outcome})
    except NotFound:
        raise
    except SoukError as refused:
        return draw(token, error=refused)
    return redirect(f"/orders/{done.order_token}" if done.order_token else f"/checkout/{token}", 303)
