"""The cart: its page, its JSON for the header and drawer, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import Response, jsonify, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from souk.cart.add import add_to
from souk.cart.change import change_line, update_note
from souk.cart.create import KEPT_FOR, create_cart
from souk.cart.errors import UnknownCart
from souk.cart.queries import open_cart
from souk.discounts.enter_code import enter_into, remove_from
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.kernel.money import Money
from souk.web.cookies import CART, CUSTOMER, read_cookie, set_cookie
from souk.web.origin import refuse_cross_site
from souk.web.problems import wants_json
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.cart_refusal import told_in_the_cart
from souk.web.storefront.cart_view import cart_view
from souk.web.storefront.prices import visit_groups, visit_market
from souk.web.storefront.respond import draw, draw_sections, opened, this_shop
from souk.web.storefront.visitor import CookieVisitor, visitors_claim
from themes import rows

MAX_ITEMS = 50
_MAX_DIGITS = 18


class BadCartForm(Invalid):
    code = "bad_cart_form"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is no whole number; reload the page and try again.", field=name)


@blueprint.get("/cart")
def cart_page() -> Response:
    with opened() as shop:
        visitor = CookieVisitor(shop.run, shop.front.prices.currency)
        return draw(shop.front, shop.run, cart_view(), visitor=visitor)


@blueprint.get("/cart.json")
def cart_json() -> Response:
    return _as_json("")


@blueprint.post("/cart/add")
@told_in_the_cart
def add() -> AnyResponse:
    refuse_cross_site()
    items = _items()
    with transaction(this_shop().scope, durable=False, configured=True) as session:
        cart_id, token = own_cart(session)
        groups = visit_groups(session)
        for variant_id, quantity in items:
            add_to(session, cart_id, variant_id, quantity, groups)
    response = answer(token)
    set_cookie(response, CART, token, max_age=int(KEPT_FOR.total_seconds()))
    return response


def own_cart(session: Session) -> tuple[int, str]:
    """Return (id, token) of the visitor's cart: the one in the cookie while it is open, otherwise a new one."""
    token = read_cookie(CART)
    with suppress(UnknownCart):
        if token:
            return open_cart(session, token, lock=True).id, token
    market = visit_market(session)
    cart = create_cart(session, market.currency, country=market.country)
    return cart.id, cart.token


@blueprint.post("/cart/change")
@told_in_the_cart
def change() -> AnyResponse:
    refuse_cross_site()
    values = _values()
    variant_id, quantity = _number(values, "id"), _number(values, "quantity")
    with transaction(this_shop().scope, durable=False, configured=True) as session:
        change_line(session, read_cookie(CART), variant_id, quantity, visit_groups(session))
    return answer()


@blueprint.post("/cart/update")
@told_in_the_cart
def update() -> AnyResponse:
    refuse_cross_site()
    values = _values()
    wanted = {name[8:-1]: value for name, value in values.items() if name.startswith("updates[") and name.endswith("]")}
    with transaction(this_shop().scope, durable=False, configured=True) as session:
        token, groups = read_cookie(CART), visit_groups(session)
        for key, value in list(wanted.items())[:250]:
            change_line(session, token, _whole(key, "updates"), _whole(value, f"updates[{key}]"), groups)
        if "note" in values:
            update_note(session, token, str(values["note"]).replace("\x00", ""))
        _change_codes(session, token, values)
    return redirect("/checkout", 303) if "checkout" in values else answer()


def _change_codes(session: Session, token: str, values: Mapping[str, Any]) -> None:
    """Take off the code of `remove_discount`, enter the one of `discount`."""
    if values.get("remove_discount"):
        remove_from(session, token, str(values["remove_discount"]))
    typed = str(values.get("discount") or "").replace("\x00", "").strip()
    if typed:
        enter_into(session, token, typed, visitors_claim(session, (), read_cookie(CUSTOMER)), visit_groups(session))


def _values() -> dict[str, Any]:
    if request.is_json:
        body = request.get_json()
        if not isinstance(body, dict):
            raise BadCartForm("The body")
        return body
    return request.form.to_dict()


def _items() -> list[tuple[int, int]]:
    values = _values()
    many = values.get("items") if request.is_json else None
    if isinstance(many, list):
        entries = [entry for entry in many if isinstance(entry, dict)][:MAX_ITEMS]
        return [(_number(entry, "id"), _number(entry, "quantity", "1")) for entry in entries]
    listed = request.form.getlist("items[]")[:MAX_ITEMS]
    if listed:
        return [(_whole(variant, "items[]"), 1) for variant in listed]
    return [(_number(values, "id"), _number(values, "quantity", "1"))]


def _number(values: dict[str, Any], name: str, default: str = "") -> int:
    return _whole(values.get(name, default), name)


def _whole(value: Any, name: str) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > _MAX_DIGITS:
        raise BadCartForm(name)
    return int(text)


def answer(token: str = "") -> AnyResponse:
    return _as_json(token) if wants_json() else redirect("/cart", 303)


def _as_json(token: str) -> Response:
    names = _values().get("sections", "") if request.method == "POST" else ""
    with opened() as shop:
        visitor = CookieVisitor(shop.run, shop.front.prices.currency, token)
        body = _body(visitor.cart(), shop.front.localization.locale)
        if isinstance(names, str) and names:
            body["sections"] = draw_sections(shop.front, shop.run, cart_view(), visitor, names.split(","))
    response = jsonify(body)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _body(cart: rows.CartRow, locale: str) -> dict[str, Any]:
    subtotal = Money(cart.subtotal, cart.currency)
    return {
        "item_count": sum(item.quantity for item in cart.items),
        "currency": cart.currency,
        "subtotal": cart.subtotal,
        "subtotal_formatted": subtotal.format(locale),
        "total": cart.total,
        "total_formatted": Money(cart.total, cart.currency).format(locale),
        "discounts": [
            {"title": row.title, "code": row.code, "amount": row.amount, "problem": row.problem}
            for row in cart.discounts
        ],
        "items": [_item(item, cart.currency, locale) for item in cart.items],
    }


def _item(item: rows.CartItemRow, currency: str, locale: str) -> dict[str, Any]:
    return {
        "key": item.key,
        "title": item.product_title,
        "variant_title": item.variant_title,
        "quantity": item.quantity,
        "price_formatted": Money(item.price, currency).format(locale),
        "line_price_formatted": Money(item.line_price, currency).format(locale),
        "image_url": f"/media/{item.image.key}/165.webp" if item.image else None,
        "url": item.url,
        "problem": item.problem,
    }
