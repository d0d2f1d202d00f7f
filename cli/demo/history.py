"""Lets the invented customers buy during the last 30 days, through the real checkout with the clock set back."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cli.demo.catalog import Person, Shop
from cli.demo.promotions import WELCOME
from plugins.loader import plugins
from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.catalog.models import Variant
from souk.checkout.changes import Changes
from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout
from souk.checkout.models import Checkout
from souk.checkout.start import start_checkout
from souk.checkout.update import update_checkout
from souk.customers.models import Customer
from souk.discounts.errors import CodeRefused
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.notifications.consume import keep_as_sent
from souk.notifications.facts import primary_origin
from souk.orders.count_sales import count_sales
from souk.orders.fulfill import fulfill_order
from souk.orders.models import Order

DAYS = 30
_ENOUGH = 8  # only well-stocked variants are bought, so that the history sells nothing out
_STILL_OPEN_DAYS = 3
_EVERY_CODE = 4
_BY_HAND, _BY_ITSELF = timedelta(hours=26), timedelta(minutes=20)
_CUT_OFF = timedelta(minutes=10)  # longer than a payment counts as going on, shorter than its stock is held
_APPROVED = {"type": "test", "token": "tok_approved"}


class HistoryBroken(SoukError):
    status = 500
    code = "demo_history_broken"

    def __init__(self) -> None:
        super().__init__("A demo order could not be placed; enable the test gateway in the shop and start again.")


@dataclass(frozen=True)
class Purchase:
    at: datetime
    person: Person
    registered: bool
    basket: tuple[tuple[str, int], ...]  # SKU and quantity
    shipped: bool


def purchases(shop: Shop, until: datetime) -> list[Purchase]:
    """Plan one or two orders on most days, oldest first; the same plan for the same shop."""
    rng = random.Random(shop.slug)  # noqa: S311 - a plan, not a secret
    shelf = [v.sku for product in shop.products for v in product.variants if v.stock >= _ENOUGH]
    plan: list[Purchase] = []
    for day in range(DAYS - 1, -1, -1):
        for number in range(rng.choice((0, 1, 1, 1, 2))):
            at = until - timedelta(days=day, hours=1 + 5 * number, minutes=rng.randrange(50))
            basket = tuple(
                (sku, rng.choice((1, 1, 1, 2))) for sku in rng.sample(shelf, min(len(shelf), rng.choice((1, 1, 2, 3))))
            )
            plan.append(Purchase(at, rng.choice(shop.customers), rng.random() < 0.6, basket, day >= _STILL_OPEN_DAYS))  # noqa: PLR2004 - most buyers have an account
    return sorted(plan, key=lambda purchase: purchase.at)


def replay(scope: TenantScope, shop: Shop, until: datetime) -> int:
    """Place the orders planned up to `until` and ship the older ones; returns how many there are.

    A purchase is known by the moment at which its checkout began, so that a replay that was broken off goes on where
    it stopped. Nobody is written to: the mails of the past stand in the shop's list as sent.
    """
    plugins()
    origin = primary_origin(scope)
    plan = purchases(shop, until)
    for purchase in plan:
        order_id = _order(scope, shop, purchase)
        with clock.frozen(purchase.at), transaction(scope) as session:
            keep_as_sent(session, Event("order.placed", order_id), origin)
        if purchase.shipped or shop.auto_fulfill:
            _ship(scope, order_id, purchase.at + (_BY_ITSELF if shop.auto_fulfill else _BY_HAND), origin)
    count_sales(scope)
    return len(plan)


def _order(scope: TenantScope, shop: Shop, purchase: Purchase) -> int:
    """Return the order of a purchase: the one that stands, the one of its unfinished checkout, or a new one."""
    begun = (
        select(Checkout.token, Order.id.label("order_id"))
        .outerjoin(Order, Order.checkout_id == Checkout.id)
        .where(Checkout.created_at == purchase.at)
    )
    with transaction(scope, read_only=True) as session:
        row = session.execute(begun).first()
    if row is not None and row.order_id is not None:
        return int(row.order_id)
    if row is None:
        with clock.frozen(purchase.at):
            return _paid(scope, _begin(scope, shop, purchase))
    with clock.frozen(purchase.at + _CUT_OFF):
        return _paid(scope, row.token)


def _begin(scope: TenantScope, shop: Shop, purchase: Purchase) -> str:
    email = purchase.person.email
    with transaction(scope) as session:
        customer_id = None
        if purchase.registered:
            customer_id = session.execute(select(Customer.id).where(Customer.email == email)).scalar_one()
        cart = create_cart(session, shop.currency, customer_id)
        skus = [sku for sku, _ in purchase.basket]
        ids = {row.sku: row.id for row in session.execute(select(Variant.sku, Variant.id).where(Variant.sku.in_(skus)))}
        for sku, quantity in purchase.basket:
            add_line(session, cart.token, ids[sku], quantity)
        token = start_checkout(session, cart.token, customer_id)
        told = Changes(email=email, shipping_address=dict(purchase.person.address), or_cheapest=True)
        update_checkout(session, token, told)
        if purchase.at.day % _EVERY_CODE == 0:
            # Who has used it before pays the full price, as anybody would.
            with suppress(CodeRefused):
                enter_checkout_code(session, token, WELCOME)
    return token


def approve(scope: TenantScope, token: str, at: datetime) -> int:
    """Pay a checkout with a card that is approved, at a moment of the past; nobody is written to."""
    with clock.frozen(at):
        order_id = _paid(scope, token)
        with transaction(scope) as session:
            keep_as_sent(session, Event("order.placed", order_id), primary_origin(scope))
    return order_id


def _paid(scope: TenantScope, token: str) -> int:
    order_id = complete_checkout(scope, token, _APPROVED).order_id
    if order_id is None:
        raise HistoryBroken
    return order_id


def _ship(scope: TenantScope, order_id: int, at: datetime, origin: str) -> None:
    with clock.frozen(at), transaction(scope) as session:
        fulfillment_id = fulfill_order(
            session,
            order_id,
            tracking_company="Demo Parcel",
            tracking_number=f"DP{order_id:010d}",
            # That of automatic fulfillment, which then finds the parcel and sends no second one.
            request_key=f"order-{order_id}-automatic",
            actor="system",
        )
        keep_as_sent(session, Event("fulfillment.created", fulfillment_id), origin)
