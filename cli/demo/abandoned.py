"""Lets some of the invented customers leave their checkouts; one of them comes back by the mail's link and buys."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from cli.demo.catalog import Person, Shop
from cli.demo.history import approve
from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.catalog.models import Variant
from souk.checkout.abandoned.policy import ReminderPolicy, save_policy
from souk.checkout.abandoned.recover import recover
from souk.checkout.changes import Changes
from souk.checkout.models import Checkout
from souk.checkout.start import start_checkout
from souk.checkout.update import update_checkout
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope

# How many hours ago somebody left, whether the shop may write to them, and whether they came back.
_LEFT = ((52, True, True), (30, True, False), (26, False, False), (5, True, False))
_MAIL_AFTER, _BACK_AFTER = timedelta(hours=10), timedelta(hours=14)


def leave_checkouts(scope: TenantScope, shop: Shop, until: datetime) -> None:
    """Leave four checkouts, as far as an earlier start has not."""
    skus = [variant.sku for product in shop.products for variant in product.variants if variant.stock > len(_LEFT)]
    for number, (hours, agrees, returns) in enumerate(_LEFT):
        at, person = until - timedelta(hours=hours), shop.customers[number % len(shop.customers)]
        if _is_there(scope, at):
            continue
        checkout_id = _leave(scope, shop, person, skus[number * 3 % len(skus)], at, agrees=agrees)
        if agrees and at + _MAIL_AFTER < until:
            _note_mail(scope, checkout_id, at + _MAIL_AFTER)
        if returns:
            _come_back(scope, checkout_id, person, at + _BACK_AFTER)
    with transaction(scope) as session:
        save_policy(session, ReminderPolicy("consent"))


def _is_there(scope: TenantScope, at: datetime) -> bool:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Checkout.id).where(Checkout.created_at == at)).first() is not None


def _leave(scope: TenantScope, shop: Shop, person: Person, sku: str, at: datetime, *, agrees: bool) -> int:
    with clock.frozen(at), transaction(scope) as session:
        cart = create_cart(session, shop.currency)
        variant_id = session.execute(select(Variant.id).where(Variant.sku == sku)).scalar_one()
        add_line(session, cart.token, variant_id, 1)
        token = start_checkout(session, cart.token)
        told = Changes(
            email=person.email, shipping_address=dict(person.address), or_cheapest=True, accepts_marketing=agrees
        )
        update_checkout(session, token, told)
        return session.execute(select(Checkout.id).where(Checkout.token == token)).scalar_one()


def _note_mail(scope: TenantScope, checkout_id: int, at: datetime) -> None:
    with transaction(scope) as session:
        session.execute(update(Checkout).where(Checkout.id == checkout_id).values(reminded_at=at))


def _come_back(scope: TenantScope, checkout_id: int, person: Person, at: datetime) -> None:
    with clock.frozen(at), transaction(scope) as session:
        found = recover(session, checkout_id, "", None)
        token = start_checkout(session, found.cart_token)
        told = Changes(email=person.email, shipping_address=dict(person.address), or_cheapest=True)
        update_checkout(session, token, told)
    approve(scope, token, at)
