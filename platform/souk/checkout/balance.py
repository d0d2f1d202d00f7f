"""Collect what is still owed for an order that stands, by the machinery of every checkout."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.cart.create import create_cart
from souk.cart.models import Cart
from souk.checkout.models import Checkout
from souk.checkout.queries import CheckoutRow
from souk.checkout.requirements import Requirement
from souk.checkout.saved import keep_paid_method
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tokens import new_token
from souk.orders.annotate import note_payment_risk
from souk.orders.balance import balance_of
from souk.orders.draft import Priced, Totals
from souk.orders.errors import NothingToPay, UnknownOrder
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import Order
from souk.orders.paid import refresh_paid
from souk.payments.attempts import close_attempt
from souk.payments.provider import offered
from souk.payments.transactions import record_charge
from souk.payments.values import ChargeResult

KEPT_FOR = timedelta(days=30)
_TIMELINE = {"captured": "payment_captured", "authorized": "payment_authorized", "deferred": "payment_pending"}


class BalanceGone(Exception):
    """The order takes no money any more: what was charged has to go back."""


def open_balance(session: Session, order_id: int) -> str:
    """Return the token of the checkout that collects what is owed: the one that is open, or a new one.

    Raises:
        UnknownOrder, NothingToPay: nothing was changed.

    """
    order = lock_order(session, order_id)
    if order.status != "open" or balance_of(session, order_id).outstanding <= 0:
        raise NothingToPay
    going_on = select(Checkout.token).where(
        Checkout.terms["order_id"].as_integer() == order_id,
        Checkout.status.in_(["open", "completing"]),
        Checkout.expires_at > clock.now(),
    )
    known = session.execute(going_on.order_by(Checkout.id.desc()).limit(1)).scalar_one_or_none()
    return known or _insert(session, order_id)


def _insert(session: Session, order_id: int) -> str:
    columns = (
        Order.email, Order.customer_id, Order.currency, Order.locale, Order.shipping_address, Order.billing_address,
        Order.payment_provider,
    )  # fmt: skip
    order = session.execute(select(*columns).where(Order.id == order_id)).first()
    if order is None:
        raise UnknownOrder
    token, now = new_token(), clock.now()
    # Every checkout has a cart; this one's stays empty, because the goods belong to the order already.
    cart = create_cart(session, order.currency, order.customer_id)
    row = insert(Checkout).values(
        token=token,
        cart_id=cart.id,
        customer_id=order.customer_id,
        email=order.email,
        currency=order.currency,
        locale=order.locale,
        shipping_address=order.shipping_address,
        billing_address=order.billing_address,
        payment_provider=_suggested(session, order.payment_provider),
        terms={"order_id": order_id},
        source="balance",
        expires_at=now + KEPT_FOR,
        updated_at=now,
    )
    session.execute(row)
    return token


def _suggested(session: Session, used: str) -> str:
    names = [provider.name for provider in offered(session)]
    return used if used in names else names[0] if names else ""


def balance_priced(session: Session, checkout: CheckoutRow) -> Priced:
    """Return what is owed now as the total of a checkout without lines."""
    order_id = int(checkout.terms["order_id"])
    open_now = session.execute(select(Order.status).where(Order.id == order_id)).scalar_one_or_none() == "open"
    # A canceled order takes no money any more.
    owed = max(balance_of(session, order_id).outstanding, 0) if open_now else 0
    totals = Totals(checkout.currency, True, owed, 0, 0, 0, 0, owed)
    return Priced([], totals, [], {})


def balance_requirements(checkout: CheckoutRow, priced: Priced) -> list[Requirement]:
    """Return what blocks the payment of a balance."""
    if not priced.totals.total:
        return [Requirement("nothing_to_pay", "order", "Nothing is left to pay for this order.")]
    if not checkout.payment_provider:
        return [Requirement("payment_missing", "payment_provider", "Choose how to pay.")]
    return []


def settle_balance(session: Session, checkout: CheckoutRow, paid: Any, result: ChargeResult) -> int:
    """Record a secured payment on its order and return the order's id.

    Raises:
        BalanceGone: the order was canceled meanwhile; roll back, give the money back.

    """
    order_id = int(checkout.terms["order_id"])
    order = lock_order(session, order_id)
    if order.status != "open":
        raise BalanceGone
    record_charge(session, paid, result, order_id)
    close_attempt(session, paid.id, result)
    keep_paid_method(session, checkout.customer_id, paid.provider, result)
    now = clock.now()
    ended = {"status": "completed", "completed_at": now, "completing_at": None, "updated_at": now}
    session.execute(update(Checkout).where(Checkout.id == checkout.id).values(**ended))
    session.execute(update(Cart).where(Cart.id == checkout.cart_id).values(completed_at=now))
    note_event(session, order_id, _TIMELINE[result.status], "customer", amount=paid.amount)
    refresh_paid(session, order_id)
    publish(session, Event("order.updated", order_id))
    note_payment_risk(session, order_id, paid.provider, result.risk)
    return order_id


def token_of_order(session: Session, order_id: int) -> str:
    """Return the secret of an order's page."""
    return session.execute(select(Order.token).where(Order.id == order_id)).scalar_one()


def named_order(session: Session, order_id: int) -> dict[str, str]:
    """Return {name, token} of an order."""
    row = session.execute(select(Order.name, Order.token).where(Order.id == order_id)).one()
    return {"name": row.name, "token": row.token}
