"""The last phase of completion: one short transaction makes the order, or lets go of everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from souk.checkout.balance import BalanceGone, settle_balance, token_of_order
from souk.checkout.consent import note_consents
from souk.checkout.draft_terms import held_until, is_draft
from souk.checkout.fields import answered
from souk.checkout.keep_address import keep_address
from souk.checkout.models import Checkout
from souk.checkout.pickup import address_at, location_of
from souk.checkout.prepare import HOLD, Completion
from souk.checkout.queries import CheckoutRow, lock_checkout, order_of
from souk.checkout.saved import keep_paid_method
from souk.checkout.shelf import from_shelf
from souk.customers.guest import Guest, recognize_guest
from souk.discounts.errors import DiscountUsedUp
from souk.discounts.redeem import confirm
from souk.discounts.redeem import release as release_uses
from souk.inventory.allocate import allocate
from souk.inventory.release import release
from souk.inventory.reserve import keep_reserved
from souk.kernel import clock
from souk.kernel.outbox import publish
from souk.kernel.statement import Statement
from souk.orders.annotate import note_payment_risk
from souk.orders.automatic import fulfillment_requested, fulfills_automatically
from souk.orders.downloads.grant import grant_downloads
from souk.orders.draft import Buyer, Priced
from souk.orders.drafting.complete import complete_draft
from souk.orders.events import Entry, note_events
from souk.orders.paid import order_paid
from souk.orders.place import Origin, number_order, write_order
from souk.payments.attempts import attempt, close_attempt
from souk.payments.gift_cards.pay import is_held, let_go, redeem_cards
from souk.payments.transactions import record_charge
from souk.payments.values import ChargeResult

_FINANCIAL = {"captured": "paid", "authorized": "authorized", "deferred": "pending"}
_TIMELINE = {
    "captured": "payment_captured",
    "authorized": "payment_authorized",
    "deferred": "payment_pending",
}
_COMPLETE = Statement[Any](
    text(
        "WITH ended AS (UPDATE carts SET completed_at = :now WHERE id = :cart_id)"
        " UPDATE checkouts SET status = 'completed', completed_at = :now, completing_at = NULL, updated_at = :now"
        " WHERE id = :checkout_id"
    )
)


class Surplus(Exception):
    """Money was secured that no order can take: it has to go back."""


def finalize(session: Session, session_id: int, result: ChargeResult) -> Completion:
    """Make the order of a secured payment; a second caller gets the order of the first.

    Raises:
        Surplus: the checkout was paid by another attempt, or has changed since; roll back, give the money back.
        OutOfStock: the hold had expired and the goods were sold; likewise.

    """
    paid = attempt(session, session_id)
    checkout = lock_checkout(session, paid.checkout_id)
    order = order_of(session, checkout.id) if checkout.status == "completed" else None
    if order is not None:
        if paid.status not in {"captured", "authorized"}:
            raise Surplus
        return Completion(*order)
    if "order_id" in checkout.terms:
        return _pay_balance(session, checkout, paid, result)
    if checkout.cart_completed_at is not None or _due(checkout) != paid.amount:
        raise Surplus
    priced = Priced.from_json(checkout.totals)
    if not is_held(session, session_id, priced.paid_by):
        # A late answer: the cards were let go of and may have paid for something else.
        raise Surplus
    order_id, token = _write(session, checkout, priced, paid.provider, result.status)
    _confirm_uses(session, checkout, order_id, priced)
    sends = location_of(priced.shipping_line) is None and any(line.requires_shipping for line in priced.lines)
    automatic = result.status == "captured" and sends and fulfills_automatically(session)
    _note(session, order_id, result.status, priced, automatic=automatic)
    redeem_cards(session, session_id, order_id, priced.totals.currency, priced.paid_by)
    record_charge(session, paid, result, order_id)
    close_attempt(session, session_id, result)
    keep_paid_method(session, checkout.customer_id, paid.provider, result)
    note_consents(session, checkout)
    keep_address(session, checkout)
    _mark_completed(session, checkout)
    if is_draft(checkout.terms):
        complete_draft(session, checkout.id, order_id)
    # The levels and the number come last: their locks are what other buyers wait for.
    allocate(session, checkout.id, order_id)
    if result.status == "captured" and any(line.digital for line in priced.lines):
        grant_downloads(session, order_id)
    placed = number_order(session, order_id, priced.totals)
    gift_cards = any(line.gift_card for line in priced.lines)
    paid_now = [order_paid(session, order_id, gift_cards=gift_cards)] if result.status == "captured" else []
    publish(session, placed, *paid_now, *([fulfillment_requested(order_id)] if automatic else []))
    note_payment_risk(session, order_id, paid.provider, result.risk)
    return Completion(order_id, token)


def _confirm_uses(session: Session, checkout: CheckoutRow, order_id: int, priced: Priced) -> None:
    try:
        confirm(session, checkout.id, order_id, checkout.email, priced.discounts)
    except DiscountUsedUp:
        # The hold had ended and somebody else took the last use: at this price there is no order any more.
        raise Surplus from None


def _pay_balance(session: Session, checkout: CheckoutRow, paid: Any, result: ChargeResult) -> Completion:
    if checkout.cart_completed_at is not None:
        raise Surplus
    try:
        order_id = settle_balance(session, checkout, paid, result)
    except BalanceGone:
        raise Surplus from None
    return Completion(order_id, token_of_order(session, order_id))


def _due(checkout: CheckoutRow) -> int | None:
    due: int | None = checkout.totals.get("due", checkout.totals.get("total"))
    return due


def _note(session: Session, order_id: int, status: str, priced: Priced, *, automatic: bool) -> None:
    entries = [Entry("placed", "customer", {"total": priced.totals.total})]
    entries += [Entry(f"{one['kind']}_redeemed", "customer", {"amount": one["amount"]}) for one in priced.paid_by]
    if priced.due or not priced.paid_by:
        entries.append(Entry(_TIMELINE[status], params={"amount": priced.due}))
    note_events(session, order_id, *entries, *([Entry("fulfillment_requested")] if automatic else []))


def abandon(session: Session, session_id: int, result: ChargeResult) -> None:
    """Record that an attempt failed, open the checkout again and let go of the stock."""
    failed = attempt(session, session_id)
    checkout = lock_checkout(session, failed.checkout_id)
    if failed.status in {"captured", "authorized", "failed", "canceled"}:
        return
    record_charge(session, failed, result)
    close_attempt(session, session_id, result)
    reopen(session, checkout)


def reopen(session: Session, checkout: CheckoutRow) -> None:
    """Let the buyer try again; nothing is held meanwhile."""
    session.execute(
        update(Checkout)
        .where(Checkout.id == checkout.id, Checkout.status == "completing")
        .values(status="open", completing_at=None, updated_at=clock.now())
    )
    release_uses(session, checkout.id, checkout.totals.get("discounts", ()))
    if checkout.totals.get("paid_by"):
        let_go(session, checkout.id)
    # What a draft order holds for its buyer stays held while it is open.
    if held_until(checkout.terms) is None:
        release(session, checkout.id)


def _write(session: Session, checkout: CheckoutRow, priced: Priced, provider: str, status: str) -> tuple[int, str]:
    buyer = Buyer(
        email=checkout.email,
        customer_id=checkout.customer_id or _guest(session, checkout),
        locale=checkout.locale,
        shipping_address=_goes_to(checkout, priced),
        billing_address=checkout.billing_address or checkout.shipping_address,
        note=checkout.note,
        source=checkout.source,
        fields=answered(session, checkout.extras.get("fields", {})),
    )
    place, until = location_of(priced.shipping_line), clock.now() + HOLD
    levels = keep_reserved(session, checkout.id, from_shelf(priced.lines), until, place)
    origin = Origin(checkout.cart_id, checkout.id, provider, _FINANCIAL[status], levels)
    return write_order(session, priced, buyer, origin)


def _goes_to(checkout: CheckoutRow, priced: Priced) -> Mapping[str, Any]:
    if location_of(priced.shipping_line) is None:
        return checkout.shipping_address
    return address_at(priced.shipping_line, checkout.shipping_address)


def _guest(session: Session, checkout: CheckoutRow) -> int | None:
    address = checkout.shipping_address or checkout.billing_address
    guest = Guest(
        email=checkout.email,
        name=str(address.get("name", "")),
        phone=str(address.get("phone", "")),
        locale=checkout.locale,
        accepts_marketing=checkout.accepts_marketing,
    )
    return recognize_guest(session, guest)


def _mark_completed(session: Session, checkout: CheckoutRow) -> None:
    now = clock.now()
    _COMPLETE.run(session, checkout_id=checkout.id, cart_id=checkout.cart_id, now=now)
