"""A refused change of the cart: the themed cart with the message, and what was typed still in its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps

from flask import request
from werkzeug.wrappers import Response

from souk.inventory.errors import OutOfStock
from souk.kernel.errors import Conflict, Invalid, NotFound
from souk.web.problems import wants_json
from souk.web.storefront.cart_view import cart_view
from souk.web.storefront.language import here
from souk.web.storefront.respond import draw, opened
from souk.web.storefront.visitor import CookieVisitor, shortage
from souk.web.texts import explain
from themes import rows

Refusal = Conflict | Invalid | NotFound
_MAX_DIGITS = 6


class RefusedVisitor(CookieVisitor):
    """The visitor whose cart could not be changed: it shows what was asked for, and why it cannot be."""

    refusal = ""
    typed: Mapping[str, str] = {}

    def cart(self) -> rows.CartRow:
        cart = super().cart()
        items = tuple(_as_typed(item, self.typed.get(item.key, "")) for item in cart.items)
        return replace(cart, items=items, note=request.form.get("note", cart.note), error=self.refusal)


def told_in_the_cart(view: Callable[[], Response]) -> Callable[[], Response]:
    """Answer a refusal with the cart's page; a program gets the problem with its sentence in the shop's language."""

    @wraps(view)
    def answer() -> Response:
        try:
            return view()
        except (Conflict, Invalid, NotFound) as refusal:
            return _tell(refusal)

    return answer


def _tell(refusal: Refusal) -> Response:
    with opened() as shop:
        text = _sentence(refusal)
        if wants_json():
            refusal.detail = text
            raise refusal
        visitor = RefusedVisitor(shop.run, shop.front.prices.currency)
        visitor.refusal, visitor.typed = text, _typed()
        return draw(shop.front, shop.run, cart_view(), visitor=visitor, status=refusal.status)


def _sentence(refusal: Refusal) -> str:
    """Say what is wrong; where one item is short, how many of it can be had: nobody should have to try numbers."""
    items = refusal.items if isinstance(refusal, OutOfStock) else []
    if len(items) == 1 and items[0]["available"] > 0:
        return shortage(items[0]["available"])
    return explain(refusal, here())


def _typed() -> dict[str, str]:
    form = request.form
    if "id" in form and request.path.endswith("/change"):
        return {form["id"]: form.get("quantity", "")}
    return {name[8:-1]: value for name, value in form.items() if name.startswith("updates[")}


def _as_typed(item: rows.CartItemRow, typed: str) -> rows.CartItemRow:
    if not (typed.isascii() and typed.isdigit()) or len(typed) > _MAX_DIGITS or int(typed) == item.quantity:
        return item
    free = item.max_quantity or 0
    return replace(item, quantity=int(typed), problem=shortage(free) if int(typed) > free else item.problem)
