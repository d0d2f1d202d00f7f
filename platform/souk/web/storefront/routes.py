"""Gather the modules that add routes to the blueprint."""

from __future__ import annotations

from souk.web.storefront import cart, files, indexes, lists, pages, password, quick_order, search  # noqa: F401 - they register their routes
from souk.web.storefront.blueprint import blueprint

__all__ = ["blueprint"]
