"""Every module with views, so that importing this one makes the blueprint whole."""

from __future__ import annotations

from souk.web.dashboard import (
    account,
    customers,
    domains,
    home,
    mails,
    orders,
    settings,
    sign_in,
    stock,
)
from souk.web.dashboard.blueprint import blueprint

__all__ = [
    "account",
    "blueprint",
    "customers",
    "domains",
    "home",
    "mails",
    "orders",
    "settings",
    "sign_in",
    "stock",
]
