"""Every module with views, so that importing this one makes the blueprint whole."""

from __future__ import annotations

from souk.web.dashboard import (
    account,
    collections,
    customers,
    domains,
    home,
    mails,
    order_actions,
    orders,
    products,
    settings,
    sign_in,
    staff,
    stock,
)
from souk.web.dashboard.frame import blueprint

__all__ = [
    "account",
    "blueprint",
    "collections",
    "customers",
    "domains",
    "home",
    "mails",
    "order_actions",
    "orders",
    "products",
    "settings",
    "sign_in",
    "staff",
    "stock",
]
