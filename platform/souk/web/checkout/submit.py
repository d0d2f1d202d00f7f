"""Take the checkout's form: keep what was typed, and pay when that button was pressed."""

from __future__ import annotations

from flask import g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from souk.checkout.complete import complete_checkout
from souk.checkout.errors import CheckoutBusy, CheckoutEnded
from souk.checkout.read import read_checkout
from souk.checkout.update import update_checkout
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.payments.errors import PaymentUnknown
from souk.payments.provider import installed
from souk.web.checkout.form import CheckoutForm, read_form
from souk.web.checkout.show import draw


def submit(token: str) -> Response:
    try:
        form = read_form(request.form)
    except SoukError as refused:
        # Nothing of a refused form is shown again: it holds what must not be anywhere.
        return draw(token, error=refused)
    try:
        with transaction(g.shop.scope) as session:
            provider = _keep(session, token, form)
        return _pay(token, form, provider) if form.pays else draw(token, form=form)
    except (CheckoutBusy, CheckoutEnded, PaymentUnknown):
        return redirect(f"/checkout/{token}", 303)
    except NotFound:
        raise
    except SoukError as refused:
        return draw(token, form=form, error=refused)


def _keep(session: Session, token: str, form: CheckoutForm) -> str:
    """Store the form and return the payment provider; the cheapest rate is chosen for who chose none."""
    update_checkout(
        session,
        token,
        email=form.email or None,
        shipping_address=form.address,
        billing_address=form.address,
        payment_provider=form.payment_provider or None,
        note=form.note,
        accepts_marketing=form.accepts_marketing,
    )
    view = read_checkout(session, token)
    codes = [rate.code for rate in sorted(view.rates, key=lambda rate: rate.amount)]
    # A rate chosen for the old address may be gone: then the cheapest of the new ones stands until another is chosen.
    wanted = form.shipping_code if form.shipping_code in codes else next(iter(codes), "")
    if wanted and wanted != view.shipping_rate.get("code"):
        update_checkout(session, token, shipping_code=wanted)
    return view.payment_provider


def _pay(token: str, form: CheckoutForm, provider: str) -> Response:
    method = form.method(installed(provider).method_type) if provider else {}
    done = complete_checkout(g.shop.scope, token, method, form.shown_total)
    if done.order_token:
        return redirect(f"/orders/{done.order_token}", 303)
    action = done.action or {}
    if action.get("type") == "redirect":
        return redirect(str(action["url"]), 303)
    return redirect(f"/checkout/{token}/authenticate", 303)
