"""Show the checkout's page, or where its buyer has to be instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import g, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from souk.addresses.fields import BUSINESS, FIELDS
from souk.checkout.complete import resume_checkout
from souk.checkout.read import CheckoutView, read_checkout
from souk.customers.payment_methods import list_methods
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError, Unavailable
from souk.kernel.goods_names import OWN, named_rate, place_words, rate_words, read_names
from souk.payments.provider import PaymentProvider
from souk.web.checkout.branding import Branding, read_branding
from souk.web.checkout.form import CheckoutForm
from souk.web.checkout.problems import problems_of
from souk.web.checkout.render import page
from souk.web.checkout.saved_addresses import addresses_of, chosen_among, signed_in
from souk.web.market_cookie import visit_country
from souk.web.texts import translator

# The outcomes of the test gateway, as its documentation lists them.
TEST_OUTCOMES = (
    "tok_approved",
    "tok_declined",
    "tok_insufficient_funds",
    "tok_requires_action",
    "tok_slow",
    "tok_lost_answer",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields: what was typed last, otherwise what the checkout knows."""

    email: str
    address: Mapping[str, str]
    shipping_code: str
    payment_provider: str
    payment_token: str
    saved_method: int
    note: str
    discount_code: str
    accepts_marketing: bool
    fields: Mapping[str, str]
    terms: bool
    save_address: bool


def show(token: str) -> Response:
    view, brand = read_page(token)
    if view.status == "completing" and not view.action:
        return _look_again(token)
    if view.action:
        return redirect(f"/checkout/{token}/authenticate", 303)
    if view.order_token:
        return redirect(f"/orders/{view.order_token}", 303)
    return draw_view(view, brand)


def draw(token: str, *, form: CheckoutForm | None = None, error: SoukError | None = None) -> Response:
    """Read the checkout and render its form."""
    return draw_view(*read_page(token), form=form, error=error)


def draw_view(
    view: CheckoutView, brand: Branding, *, form: CheckoutForm | None = None, error: SoukError | None = None
) -> Response:
    """Render the form; `form` keeps what was typed when `error` refused it."""
    buyer = _buyer(view)
    saved, addresses = _saved(view, buyer), addresses_of(buyer)
    typed = _typed(view, form, visit_country() or brand.country, error, saved)
    fields = problems_of(view, form, error, translator(brand.locale))
    return page(
        "checkout.html",
        brand,
        status=error.status if error else 422 if fields else 200,
        view=view,
        typed=typed,
        saved=saved,
        keeps=buyer is not None,
        addresses=addresses,
        chosen_address=chosen_among(addresses, typed.address),
        error=error,
        fields=fields,
        goes_on=form is not None and form.goes_on,
        outcomes=TEST_OUTCOMES,
        providers=providers_of(view),
        parts=list(view.payment_parts.values()),
        wallets=[] if view.pays_for else [one for one in providers_of(view) if _is_express(view, one.name)],
    )


def _is_express(view: CheckoutView, name: str) -> bool:
    part = view.payment_parts.get(name)
    return part is not None and part.express


def read_page(token: str) -> tuple[CheckoutView, Branding]:
    """Return the checkout as its page shows it, and the shop's look; whoever prices it is asked first."""

    def read() -> tuple[CheckoutView, Branding]:
        with transaction(g.shop.scope, read_only=True, configured=True) as session:
            brand = read_branding(session)
            return in_language(session, read_checkout(session, token), brand), brand

    return answered(g.shop.scope, read)


def in_language(session: Session, view: CheckoutView, brand: Branding) -> CheckoutView:
    """Call goods and shipping rates what they are called in the language of the page; the order keeps the own names."""
    words = rate_words(view.shipping_rate).union(rate.title for rate in view.rates)
    words |= {word for place in view.pickups for word in place_words(asdict(place))}
    names = read_names(session, brand.locale, view.lines, words)
    if names is OWN:
        return view
    lines = [
        replace(
            line, title=names.title(line), variant_title=names.variant(line), components=names.parts(line.components)
        )
        for line in view.lines
    ]
    return replace(
        view,
        lines=lines,
        rates=[replace(rate, title=names.word(rate.title)) for rate in view.rates],
        pickups=[
            replace(place, name=names.word(place.name), instructions=names.passage(place.instructions))
            for place in view.pickups
        ],
        shipping_rate=named_rate(names, view.shipping_rate),
    )


def providers_of(view: CheckoutView) -> Sequence[PaymentProvider]:
    """Return the offered providers, those that settle at once before those that pay by hand."""
    return sorted(view.payment_providers, key=lambda provider: provider.method_type == "manual")


def _buyer(view: CheckoutView) -> int | None:
    """Return the checkout's own customer if the browser is theirs, and not of somebody who has its address."""
    if view.customer_id is None or signed_in() != view.customer_id:
        return None
    return view.customer_id


def _saved(view: CheckoutView, buyer: int | None) -> Sequence[Any]:
    """Return the saved methods that can pay here."""
    if buyer is None or not view.due:
        return ()
    names = [provider.name for provider in view.payment_providers]
    with transaction(g.shop.scope, read_only=True) as session:
        return list_methods(session, buyer, names)


def _typed(
    view: CheckoutView, form: CheckoutForm | None, country: str, error: SoukError | None, saved: Sequence[Any]
) -> Typed:
    stored = {field: str(view.shipping_address.get(field) or "") for field in (*FIELDS, *BUSINESS)}
    stored["country"] = stored["country"] or country
    names = [provider.name for provider in providers_of(view)]
    # Who comes back begins with what they saved last.
    first = saved[0] if saved and form is None else None
    provider = form.payment_provider if form and form.payment_provider in names else view.payment_provider
    return Typed(
        email=form.email if form else view.email,
        address=form.address if form else stored,
        shipping_code=str(view.shipping_rate.get("code", "")),
        payment_provider=(first.provider if first else provider) or (names[0] if names else ""),
        payment_token=form.payment_token if form else "tok_approved",
        saved_method=form.saved_method if form else first.id if first else 0,
        note=form.note if form else view.note,
        discount_code=form.discount_code if form and error else "",
        accepts_marketing=form.accepts_marketing if form else view.accepts_marketing,
        fields=(form.extras.get("fields") if form else None) or view.extras.get("fields", {}),
        terms=_ticked("terms", view, form),
        save_address=_ticked("save_address", view, form),
    )


def _ticked(name: str, view: CheckoutView, form: CheckoutForm | None) -> bool:
    return bool((form.extras if form and name in form.extras else view.extras).get(name))


def _look_again(token: str) -> Response:
    """Ask the provider how the payment stands; show a page that comes back by itself while it does not know."""
    try:
        done = resume_checkout(g.shop.scope, token)
    except Unavailable:
        done = None
    except SoukError as refused:
        return draw(token, error=refused)
    if done is not None and done.order_token:
        return redirect(f"/orders/{done.order_token}", 303)
    view, brand = read_page(token)
    if view.status == "open":
        return draw_view(view, brand)
    response = page("waiting.html", brand, token=token)
    response.headers["Refresh"] = "3"
    return response
