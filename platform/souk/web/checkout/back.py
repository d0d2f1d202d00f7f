"""Where a buyer comes back to from a page of the payment provider's."""

from __future__ import annotations

from flask import g, redirect
from werkzeug.wrappers import Response

from souk.checkout.complete import resume_checkout
from souk.checkout.settle import settle
from souk.kernel.config import config
from souk.kernel.errors import SoukError
from souk.payments.errors import PaymentUnknown
from souk.web.checkout.show import draw


def return_url(token: str) -> str:
    return f"{config().origin(g.shop.primary_host)}/checkout/{token}/return"


def come_back(token: str) -> Response:
    """Ask how the payment ended; one that the buyer has left open is ended, so that they may pay in another way."""
    try:
        done = resume_checkout(g.shop.scope, token)
        if done.order_token is None and done.action:
            done = settle(g.shop.scope, token, give_up=True) or done
    except PaymentUnknown:
        return redirect(f"/checkout/{token}", 303)
    except SoukError as refused:
        return draw(token, error=refused)
    return redirect(f"/orders/{done.order_token}" if done.order_token else f"/checkout/{token}", 303)
