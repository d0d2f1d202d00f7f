"""Gather the modules that add routes to the blueprint."""

from __future__ import annotations

from souk.web.storefront import (  # noqa: F401 - they register their routes
    blog,
    cart,
    contact,
    files,
    indexes,
    lists,
    localization,
    newsletter,
    pages,
    password,
    quick_order,
    search,
)
from souk.web.storefront.blueprint import blueprint

__all__ = ["blueprint"]
