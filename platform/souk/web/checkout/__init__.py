"""The checkout and order status pages: ours on every shop, branded by settings and never by theme code."""

from __future__ import annotations

from souk.web.checkout.routes import blueprint

__all__ = ["blueprint"]
