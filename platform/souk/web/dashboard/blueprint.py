"""Every module with views, so that importing this one makes the blueprint whole."""

from __future__ import annotations

from souk.web.dashboard import (
    account,
    api_tokens,
    branding,
    collections,
    content_pages,
    customers,
    domains,
    home,
    mails,
    menus,
    order_actions,
    orders,
    plugins,
    products,
    redirects,
    reviews,
    settings,
    sign_in,
    staff,
    stock,
    theme,
)
from souk.web.dashboard.frame import blueprint

__all__ = [
    "account",
    "api_tokens",
    "blueprint",
    "branding",
    "collections",
    "content_pages",
    "customers",
    "domains",
    "home",
    "mails",
    "menus",
    "order_actions",
    "orders",
    "plugins",
    "products",
    "redirects",
    "reviews",
    "settings",
    "sign_in",
    "staff",
    "stock",
    "theme",
]
