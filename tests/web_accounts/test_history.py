"""The order history shows a customer's own orders and nobody else's."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import insert, select

from souk.customers.models import Customer
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order
from tests.web_accounts.test_accounts import app, base_of, registered

__all__ = ["app"]


def place(scope: TenantScope, email: str, number: int, **more: object) -> None:
    with transaction(scope) as session:
        customer_id = session.execute(select(Customer.id).where(Customer.email == email)).scalar_one()
        values = {
            "number": number, "name": f"#{number}", "token": f"token-{number}", "customer_id": customer_id,
            "email": email, "currency": "EUR", "locale": "de-DE", "prices_include_tax": True, "subtotal": 123456,
            "shipping_total": 0, "total": 123456, "shipping_address": {}, "billing_address": {}, "shipping_line": {},
            "payment_provider": "test", "placed_at": clock.now(),
        }  # fmt: skip
        session.execute(insert(Order).values(values | more))


def test_a_customer_sees_only_their_own_orders(app: Flask, shop: TenantScope, other_shop: TenantScope) -> None:
    mine, theirs = registered(app, shop, "mine@history.example"), registered(app, shop, "theirs@history.example")
    elsewhere = registered(app, other_shop, "mine@history.example")
    place(shop, "mine@history.example", 7001)
    collected = {"shipping_line": {"pickup": {"name": "Harbor"}}, "fulfillment_status": "in_progress"}
    place(shop, "mine@history.example", 7002, **collected)

    pages = [
        mine.get("/account", base_url=base_of(shop)).text,
        theirs.get("/account", base_url=base_of(shop)).text,
        elsewhere.get("/account", base_url=base_of(other_shop)).text,
    ]

    assert "/orders/token-7001" in pages[0]
    assert "1,234.56" in pages[0]
    assert ("Being prepared" in pages[0], "Ready for pick-up" in pages[0], "Being packed" in pages[0]) == (
        True, True, False,
    )  # fmt: skip
    assert ["7001" in page for page in pages[1:]] == [False, False]
