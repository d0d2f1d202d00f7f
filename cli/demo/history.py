"""Lets the invented customers buy during the last 30 days, through the real checkout with the clock set back."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from cli.demo.catalog import Person, Shop
from plugins.loader import plugins
from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.catalog.models import Variant
from souk.checkout.changes import Changes
from souk.checkout.complete import complete_checkout
from souk.checkout.start import start_checkout
from souk.checkout.update import update_checkout
from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.fulfill import fulfill_order

DAYS = 30
_ENOUGH = 8  # only well-stocked variants are bought, so that the history sells nothing out
_STILL_OPEN_DAYS = 3
_APPROVED = {"type": "test", "token": "tok_approved"}


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


def replay(scope: TenantScope, shop: Shop) -> int:
    """Place the planned orders and ship the older ones; returns how many were placed."""
    plugins()
    plan = purchases(shop, clock.now())
    for purchase in plan:
        with clock.frozen(purchase.at):
            order_id = _buy(scope, shop, purchase)
        if purchase.shipped and order_id is not None:
            with clock.frozen(purchase.at + timedelta(hours=26)), transaction(scope) as session:
                fulfill_order(
                    session,
                    order_id,
                    tracking_company="Demo Parcel",
                    tracking_number=f"DP{order_id:010d}",
                    actor="system",
                )
    return len(plan)


def _buy(scope: TenantScope, shop: Shop, purchase: Purchase) -> int | None:
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
    return complete_checkout(scope, token, _APPROVED).order_id
