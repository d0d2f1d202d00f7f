"""The admin API for apps; each module registers its operations when it is imported."""

from __future__ import annotations

from souk.web.api.admin import (
    collections,
    customers,
    digital,
    discounts,
    exports,
    gift_cards,
    imports,
    inventory,
    media,
    metafields,
    order_actions,
    orders,
    products,
    search_rules,
    search_settings,
    search_tests,
    themes,
    variants,
    webhooks,
    write_products,
)

HANDLERS = (
    products,
    write_products,
    variants,
    collections,
    metafields,
    media,
    inventory,
    orders,
    order_actions,
    digital,
    customers,
    discounts,
    exports,
    gift_cards,
    imports,
    search_settings,
    search_rules,
    search_tests,
    themes,
    webhooks,
)
