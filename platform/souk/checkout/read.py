"""Show a checkout: its amounts, its offers and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from souk.cart.queries import items_of
from souk.checkout.balance import balance_priced, balance_requirements, named_order
from souk.checkout.consent import Terms, read_terms, terms_missing
from souk.checkout.draft_terms import fixed_rate, is_draft, with_prices
from souk.checkout.fields import CheckoutField, fields_of, unanswered
from souk.checkout.pickup import PickUp, choose, chosen_country, collects, pickups_of, wanted_code
from souk.checkout.price import parcel_of, price, sale_at
from souk.checkout.queries import CheckoutRow, checkout_by_token, order_of
from souk.checkout.requirements import Requirement, requirements_of
from souk.discounts.buyers import Claim
from souk.orders.draft import DraftLine, Priced, Totals
from souk.payments.attempts import latest_attempt
from souk.payments.browser import BrowserPart
from souk.payments.gift_cards.plan import plan_cards
from souk.payments.provider import PaymentProvider, account_of, offered
from souk.payments.settings import capture_mode
from souk.payments.values import Payment
from souk.pricing.rules import Market
from souk.shipping.provider import ShippingRate
from souk.shipping.quote import quote
from souk.tax.relief import relief_in

# Among the extras: what rate and tax providers answered, as long as it holds.
ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """`action` is what the buyer must still do for the payment, empty when nothing."""

    token: str
    status: str
    email: str
    customer_id: int | None
    currency: str
    note: str
    accepts_marketing: bool
    # {name, token} of the order whose balance is paid here; None when goods are bought.
    pays_for: Mapping[str, str] | None
    shipping_address: Mapping[str, Any]
    billing_address: Mapping[str, Any]
    lines: Sequence[DraftLine]
    totals: Totals
    discounts: Sequence[Mapping[str, Any]]
    refused_codes: Sequence[Mapping[str, Any]]
    paid_by: Sequence[Mapping[str, Any]]
    due: int
    credit: int
    extras: Mapping[str, Any]
    rates: Sequence[ShippingRate]
    shipping_rate: Mapping[str, Any]
    payment_provider: str
    payment_providers: Sequence[PaymentProvider]
    payment_parts: Mapping[str, BrowserPart]
    requirements: Sequence[Requirement]
    action: Mapping[str, Any]
    order_id: int | None
    order_token: str | None
    # What plugins ask beside the usual, and the terms that the shop asks for.
    fields: Sequence[CheckoutField] = ()
    terms: Terms | None = None
    # Where the order can be collected, and whether its buyer wants that.
    pickups: Sequence[PickUp] = ()
    collects: bool = False
    # Staff have set in a draft where it is collected.
    only_pickup: bool = False

    @property
    def tax_relief(self) -> str:
        """Why no tax is due, as `souk.tax.relief` names it."""
        return relief_in(line.price_trace for line in self.lines)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A checkout as it stands now: priced, with its offers and what is missing."""

    priced: Priced
    rates: Sequence[ShippingRate]
    requirements: Sequence[Requirement]
    pickups: Sequence[PickUp] = ()


def assess(session: Session, checkout: CheckoutRow, *, or_cheapest: bool = False) -> Assessment:
    """Price the checkout at today's prices and compute what blocks its payment.

    Raises Unanswered where a provider has to be asked first: the edge does, by `souk.kernel.answers.answered`.

    `or_cheapest`: where the chosen rate is not offered, the cheapest one takes its place.
    """
    if "order_id" in checkout.terms:
        owed = balance_priced(session, checkout)
        return Assessment(owed, [], balance_requirements(checkout, owed))
    address, draft = checkout.shipping_address, is_draft(checkout.terms)
    items = items_of(session, checkout.cart_id, market_of(checkout))
    if draft:
        items = with_prices(items, checkout.terms)
    parcel = parcel_of(items, checkout.currency, address)
    held = checkout.extras.get(ANSWERS, {})
    asks = parcel is not None and parcel.country and not checkout.terms.get("pickup")
    rates = fixed_rate(checkout.terms) or (quote(session, parcel, held) if parcel and asks else [])
    places = pickups_of(session, checkout, items)
    line = _chosen(checkout, rates, places, or_cheapest=or_cheapest)
    # Collected goods are sold where they are handed over.
    place = line["pickup"]["address"] if "pickup" in line else address
    claim = None if is_draft(checkout.terms) else claim_of(checkout)
    sale = sale_at(session, place, claim)
    priced = price(session, items, checkout.currency, place, line, claim=claim, held=held, sale=sale)
    rates = [replace(rate, amount=sale.net_shipping(items, rate.amount)) for rate in rates]
    places = [replace(one, amount=sale.net_shipping(items, one.amount)) for one in places]
    priced = replace(priced, paid_by=_cards(session, checkout, priced))
    missing = requirements_of(session, checkout, items, priced)
    missing += unanswered(session, checkout.extras.get("fields", {})) + terms_missing(session, checkout.extras)
    return Assessment(priced, rates, missing, places)


def _chosen(
    checkout: CheckoutRow, rates: Sequence[ShippingRate], places: Sequence[PickUp], *, or_cheapest: bool
) -> dict[str, Any]:
    """Return the rate or the place that is chosen, at the price of today and not of when it was chosen."""
    wanted = {"code": wanted_code(checkout)}
    if collects(wanted):
        place = choose(places, wanted)
        return place.to_json() if place else wanted
    substitute = min(rates, key=attrgetter("amount"), default=None) if or_cheapest else None
    return rate_to_json(next((rate for rate in rates if rate.code == checkout.shipping_rate.get("code")), substitute))


def _cards(session: Session, checkout: CheckoutRow, priced: Priced) -> list[dict[str, Any]]:
    credit_of = checkout.customer_id if checkout.extras.get("use_credit") and checkout.credit else None
    named = checkout.extras.get("gift_cards", ())
    return plan_cards(session, priced.totals.total, checkout.currency, named, credit_of)


def market_of(checkout: CheckoutRow) -> Market:
    """Return whose prices the buyer pays: those of the country to which the goods go, once it is known."""
    country = chosen_country(checkout) or str(checkout.shipping_address.get("country") or checkout.cart_country)
    # A draft is for the customer whom staff named, who need not sign in to pay it.
    return Market(checkout.currency, country, frozenset(checkout.terms.get("groups", checkout.groups)))


def claim_of(checkout: CheckoutRow) -> Claim:
    """Return who buys and what they entered, as discounts ask for it."""
    return Claim(checkout.discount_codes, checkout.customer_id, checkout.email, checkout.id)


def rate_to_json(rate: ShippingRate | None) -> dict[str, Any]:
    if rate is None:
        return {}
    kept = {"code": rate.code, "title": rate.title, "provider": rate.provider, "amount": rate.amount}
    # What was promised stays with the order, whatever the rate says later.
    return kept | ({"delivery_days": list(rate.delivery_days)} if rate.delivery_days else {})


def read_checkout(session: Session, token: str) -> CheckoutView:
    """Return the checkout as its page shows it; once it is being paid, the amounts are those that are charged."""
    checkout = checkout_by_token(session, token)
    if checkout.status in {"completing", "completed"}:
        now = Assessment(Priced.from_json(checkout.totals), [], [])
    else:
        now = assess(session, checkout)
    return view_of(session, checkout, now)


def view_of(session: Session, checkout: CheckoutRow, now: Assessment) -> CheckoutView:
    """Return what the page of an assessed checkout shows."""
    order = order_of(session, checkout.id) if checkout.status == "completed" else None
    attempt = latest_attempt(session, checkout.id) if checkout.status == "completing" else None
    providers = offered(session)
    waiting = attempt is not None and attempt.status == "requires_action"
    return CheckoutView(
        token=checkout.token,
        status=checkout.status,
        email=checkout.email,
        customer_id=checkout.customer_id,
        currency=checkout.currency,
        note=checkout.note,
        accepts_marketing=checkout.accepts_marketing,
        pays_for=named_order(session, int(checkout.terms["order_id"])) if "order_id" in checkout.terms else None,
        shipping_address=checkout.shipping_address,
        billing_address=checkout.billing_address,
        lines=now.priced.lines,
        totals=now.priced.totals,
        discounts=now.priced.discounts,
        refused_codes=now.priced.refused_codes,
        paid_by=now.priced.paid_by,
        due=now.priced.due,
        credit=checkout.credit,
        extras=checkout.extras,
        rates=now.rates,
        shipping_rate=now.priced.shipping_line,
        payment_provider=checkout.payment_provider,
        payment_providers=providers,
        payment_parts=_parts(session, providers, now.priced),
        requirements=now.requirements,
        action=attempt.action if attempt is not None and waiting else {},
        order_id=order[0] if order else None,
        order_token=order[1] if order else None,
        fields=fields_of(session),
        terms=read_terms(session),
        pickups=now.pickups,
        collects=collects(now.priced.shipping_line),
        only_pickup=bool(checkout.terms.get("pickup")),
    )


def _parts(session: Session, providers: Sequence[PaymentProvider], priced: Priced) -> dict[str, BrowserPart]:
    """Return provider name -> what its part of the payment page needs for this total."""
    mode, totals = capture_mode(session), priced.totals
    parts = {}
    # Cards that cover everything leave nothing for a provider to ask for.
    for provider in providers if priced.due else ():
        payment = Payment("", priced.due, totals.currency, account=account_of(session, provider.name))
        part = provider.page_part(payment, mode)
        if part is not None:
            parts[provider.name] = part
    return parts
