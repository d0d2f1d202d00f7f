"""A shop that sells, and buyers on their way."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from plugins.builtin.test_gateway.plugin import Gateway
from plugins.loader import plugins
from souk.cart.add import add_line
from souk.cart.create import create_cart
from souk.checkout.changes import Changes
from souk.checkout.start import start_checkout
from souk.checkout.update import update_checkout
from souk.inventory.models import InventoryLevel
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import Delivery, OutboxEvent
from souk.kernel.outbox import Job
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.orders.models import Order
from souk.shipping.models import ShippingZone
from souk.tax.models import TaxRate

ADDRESS = {
    "name": "Ada Byron",
    "line1": "12 Test Street",
    "city": "New York",
    "state": "NY",
    "postal_code": "10001",
    "country": "US",
}
APPROVED = {"type": "test", "token": "tok_approved"}


def open_for_business(scope: TenantScope) -> None:
    """Give the shop plugins, a zone with two rates and 10 % tax in the USA."""
    plugins()
    rates = [
        {"code": "standard", "title": "Standard", "provider": "flat_rate", "price": 500},
        {"code": "express", "title": "Express", "provider": "flat_rate", "price": 1_500},
    ]
    with transaction(scope) as session:
        session.execute(insert(ShippingZone).values(name="USA", countries=["US"], rates=rates))
        session.execute(insert(TaxRate).values(country="US", name="Sales tax", rate=Decimal("0.1")))


def ready_checkout(scope: TenantScope, items: Sequence[tuple[int, int]], shipping_code: str | None = "standard") -> str:
    """Return the token of a checkout that lacks nothing but the payment; None ships nothing."""
    with transaction(scope) as session:
        cart = create_cart(session, "USD")
        for variant_id, quantity in items:
            add_line(session, cart.token, variant_id, quantity)
        token = start_checkout(session, cart.token)
        told = Changes(email="ada@example.com", shipping_address=ADDRESS, shipping_code=shipping_code)
        update_checkout(session, token, told)
    return token


def stock(session: Session, variant_id: int) -> tuple[int, int, int]:
    """Return (on_hand, committed, reserved) of the variant's only level."""
    level = InventoryLevel
    row = session.execute(
        select(level.on_hand, level.committed, level.reserved).where(level.variant_id == variant_id)
    ).one()
    return row.on_hand, row.committed, row.reserved


def order_count(session: Session) -> int:
    return len(session.execute(select(Order.id)).all())


def charges(scope: TenantScope, checkout_id: int) -> list[int]:
    """Return what the gateway really captured for a checkout."""
    return Gateway().captured(f"souk-{scope.tenant_id}-{checkout_id}-")


def events(scope: TenantScope, subject_id: int, *names: str) -> list[Any]:
    """Return the names of published events about a subject, oldest first, limited to `names`."""
    with transaction(pod_scope(scope.pod)) as session:
        return list(
            session.execute(
                select(OutboxEvent.name)
                .where(
                    OutboxEvent.tenant_id == scope.tenant_id,
                    OutboxEvent.subject_id == subject_id,
                    OutboxEvent.name.in_(names),
                )
                .order_by(OutboxEvent.id)
            ).scalars()
        )


def delivery_of(scope: TenantScope, name: str, subject_id: int) -> Job:
    """Return a delivery of the newest event of that name, as the relay would hand it out."""
    with transaction(pod_scope(scope.pod)) as session:
        row = session.execute(
            select(OutboxEvent.id, OutboxEvent.payload)
            .where(
                OutboxEvent.tenant_id == scope.tenant_id,
                OutboxEvent.name == name,
                OutboxEvent.subject_id == subject_id,
            )
            .order_by(OutboxEvent.id.desc())
            .limit(1)
        ).one()
        delivery = insert(Delivery).values(outbox_id=row.id, tenant_id=scope.tenant_id, consumer="test")
        delivery_id = session.execute(delivery.returning(Delivery.id)).scalar_one()
    return Job(delivery_id, scope, Event(name, subject_id, row.payload))
