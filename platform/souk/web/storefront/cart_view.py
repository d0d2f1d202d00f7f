"""What the cart's page is, whoever draws it."""

from __future__ import annotations

from souk.web.storefront.language import here
from souk.web.storefront.respond import View


def cart_view() -> View:
    return View(template="cart", page_type="cart", title=here()("titles.cart"), resource={}, path="/cart")
