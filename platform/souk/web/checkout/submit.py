"""Take the checkout's form: keep what was typed, and pay when that button was pressed."""

from __future__ import annotations

from dataclasses import replace

from flask import g, redirect, request
from werkzeug.wrappers import Response

from souk.checkout.admission.errors import AdmissionRequired
from souk.checkout.changes import Changes
from souk.checkout.codes import enter_checkout_code, remove_checkout_code
from souk.checkout.complete import complete_checkout
from souk.checkout.consent import read_terms
from souk.checkout.errors import CheckoutBusy, CheckoutEnded
from souk.checkout.gift_cards import remove_gift_card
from souk.checkout.queries import checkout_by_token
from souk.checkout.read import CheckoutView
from souk.checkout.update import update_checkout
from souk.customers.payment_methods import UnknownSavedMethod
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.errors import NotFound, SoukError
from souk.payments.errors import PaymentUnknown
from souk.payments.provider import installed
from souk.web.checkout.back import return_url
from souk.web.checkout.branding import Branding, read_branding
from souk.web.checkout.form import CheckoutForm, read_form
from souk.web.checkout.saved_addresses import signed_in, with_choice
from souk.web.checkout.show import draw, draw_view, in_language
from souk.web.texts import translator


def submit(token: str) -> Response:
    try:
        form = with_choice(read_form(request.form))
    except SoukError as refused:
        # Nothing of a refused form is shown again: it holds what must not be anywhere.
        return draw(token, error=refused)
    try:
        return _pay(token, form) if form.pays else _keep(token, form)
    except AdmissionRequired:
        # The place has expired, or the sale began meanwhile: the queue is before the checkout.
        return redirect("/checkout", 303)
    except (CheckoutBusy, CheckoutEnded, PaymentUnknown):
        return redirect(f"/checkout/{token}", 303)
    except UnknownSavedMethod as refused:
        return draw(token, form=form, error=refused)
    except NotFound:
        raise
    except SoukError as refused:
        return draw(token, form=form, error=refused)


def _keep(token: str, form: CheckoutForm) -> Response:
    _change_codes(token, form)

    def told() -> tuple[CheckoutView, Branding]:
        with transaction(g.shop.scope, durable=False, configured=True) as session:
            brand = read_branding(session)
            return in_language(session, update_checkout(session, token, _told(form)), brand), brand

    return draw_view(*answered(g.shop.scope, told), form=form)


def _change_codes(token: str, form: CheckoutForm) -> None:
    """Act on the field and the buttons of codes; what else was typed is kept also when a code is refused."""
    if not (form.discount_code or form.removed_code or form.removed_card):
        return
    answered(g.shop.scope, lambda: _write(token, form))
    answered(g.shop.scope, lambda: _write_codes(token, form))


def _write(token: str, form: CheckoutForm) -> None:
    with transaction(g.shop.scope, durable=False) as session:
        update_checkout(session, token, _told(form))


def _write_codes(token: str, form: CheckoutForm) -> None:
    with transaction(g.shop.scope, durable=False) as session:
        if form.removed_code:
            remove_checkout_code(session, token, form.removed_code)
        if form.removed_card.isascii() and form.removed_card.isdecimal():
            remove_gift_card(session, token, int(form.removed_card))
        if form.discount_code:
            enter_checkout_code(session, token, form.discount_code)


def _told(form: CheckoutForm) -> Changes:
    # A rate chosen for the old address may be gone: then the cheapest of the new ones stands until another is chosen.
    return Changes(
        email=form.email or None,
        shipping_address=form.address,
        billing_address=form.address,
        shipping_code=form.shipping_code,
        payment_provider=form.payment_provider or None,
        note=form.note,
        accepts_marketing=form.accepts_marketing,
        extras=form.extras or None,
        or_cheapest=True,
    )


def _pay(token: str, form: CheckoutForm) -> Response:
    # A code that stands in the field unapplied changes the total: the buyer sees the new one before paying it.
    _change_codes(token, form)
    provider = form.payment_provider or _stored_provider(token)
    method = form.method(installed(provider).method_type) if provider else {}
    told = with_words(_told(form))
    done = complete_checkout(
        g.shop.scope, token, method, form.shown_total, told, return_url=return_url(token), payer=signed_in()
    )
    if done.order_token:
        return redirect(f"/orders/{done.order_token}", 303)
    # Also for a page of the provider's: browsers do not let a form lead away from our own pages.
    leaves = (done.action or {}).get("type") == "redirect"
    return redirect(f"/checkout/{token}/authenticate{'?go=1' if leaves else ''}", 303)


def with_words(told: Changes) -> Changes:
    """Keep beside each consent the words that the page has for it; who agrees to nothing costs nothing."""
    extras = dict(told.extras or {})
    if not (told.accepts_marketing or extras.get("terms")):
        return told
    with transaction(g.shop.scope, read_only=True, configured=True) as session:
        terms, translate = read_terms(session), translator(read_branding(session).locale)
    words = {"marketing": translate("checkout.news")}
    if terms is not None:
        words |= {"terms": translate("checkout.terms", title=terms.title), "version": f"{terms.handle} {terms.version}"}
    return replace(told, extras=extras | {"consents": words})


def _stored_provider(token: str) -> str:
    with transaction(g.shop.scope, read_only=True) as session:
        return checkout_by_token(session, token).payment_provider
