"""The visitor whom a private page asks for; shared pages never do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from souk.cart.errors import UnknownCart
from souk.cart.queries import MAX_QUANTITY, CartItem
from souk.cart.read import CartView, read_cart
from souk.customers.queries import CustomerRecord
from souk.customers.sessions import customer_of_token
from souk.discounts.buyers import Claim
from souk.discounts.evaluate import evaluate
from souk.discounts.terms import Outcome
from souk.inventory.availability import availability
from souk.kernel.localized import Texts, labels, texts_of_many
from souk.web.code_problems import code_problem
from souk.web.cookies import CART, CUSTOMER, read_cookie
from souk.web.storefront.language import at, here, speak_here
from souk.web.storefront.queries import images_by_key
from souk.web.storefront.rows import in_words, part_rows
from themes import rows

T = TypeVar("T")


class NoVisitor:
    """For pages that are the same for everybody."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def cart(self) -> rows.CartRow:
        return rows.CartRow(self._currency)

    def customer(self) -> rows.CustomerRow | None:
        return None


class _Run(Protocol):
    def __call__(self, ask: Callable[[Session], T]) -> T: ...


class CookieVisitor:
    """The visitor whom the cookies of this request name; `token` is that of a cart made in this request."""

    def __init__(self, run: _Run, currency: str, token: str = "") -> None:
        self._run = run
        self._currency = currency
        self._token = token or read_cookie(CART)
        self._cart: rows.CartRow | None = None

    def cart(self) -> rows.CartRow:
        if self._cart is None:
            self._cart = self._run(self._read_cart)
        return self._cart

    def _read_cart(self, session: Session) -> rows.CartRow:
        return visitors_cart(session, self._token, self._currency, read_cookie(CUSTOMER))

    def customer(self) -> rows.CustomerRow | None:
        token = read_cookie(CUSTOMER)
        if not token:
            return None
        found = self._run(lambda session: customer_of_token(session, token, "session"))
        return None if found is None else rows.CustomerRow(found.name, found.email)


def visitors_cart(session: Session, token: str, currency: str, customer_token: str = "") -> rows.CartRow:
    """Return the cart of this token, empty when there is none, at the prices of who is signed in."""
    try:
        return _cart(session, token, customer_token) if token else rows.CartRow(currency)
    except UnknownCart:
        return rows.CartRow(currency)


def _cart(session: Session, token: str, customer_token: str) -> rows.CartRow:
    known = customer_of_token(session, customer_token, "session") if customer_token else None
    return cart_row(session, read_cart(session, token, known.tags if known else ()), known)


def cart_row(session: Session, cart: CartView, customer: CustomerRecord | None = None) -> rows.CartRow:
    """Add pictures, discounts and what can be had now: four queries for any number of lines.

    Two more in a language that is not the shop's own.
    """
    if not cart.lines:
        return rows.CartRow(cart.currency, note=cart.note)
    speak_here(session)
    images = images_by_key(session, [line.image_key for line in cart.lines if line.image_key])
    parts = [part["product_id"] for line in cart.lines for part in line.components or ()]
    texts = texts_of_many(session, "product", [*(line.product_id for line in cart.lines), *parts])
    label = labels(session)
    free = availability(session, [line.variant_id for line in cart.lines])
    named = [_named(line, texts.get(line.product_id, {}), label) for line in cart.lines]
    items = tuple(
        replace(
            _item(line, images.get(line.image_key), free.get(line.variant_id, 0)),
            components=part_rows(line.components, label, texts),
        )
        for line in named
    )
    outcome = evaluate(session, cart.lines, claim_with(cart.discount_codes, customer), currency=cart.currency)
    discounts = tuple(discount_rows(outcome))
    total = cart.subtotal - sum(row.amount for row in discounts)
    return rows.CartRow(cart.currency, items, cart.subtotal, total, cart.note, discounts=discounts)


def _named(line: CartItem, texts: Texts, label: Callable[[str], str]) -> CartItem:
    """Return the line as it is called in the language of the visit; what is bought is not changed by it."""
    words = in_words(line.variant_title, label)
    return replace(line, title=texts.get("title", line.title), variant_title=words)


def visitors_claim(session: Session, codes: Sequence[str], customer_token: str) -> Claim:
    """Return what discounts may know of the visitor: nothing until somebody has signed in."""
    return claim_with(codes, customer_of_token(session, customer_token, "session") if customer_token else None)


def claim_with(codes: Sequence[str], customer: CustomerRecord | None) -> Claim:
    return Claim(codes) if customer is None else Claim(codes, customer.id, customer.email)


def discount_rows(outcome: Outcome) -> Iterator[rows.CartDiscountRow]:
    """Yield what is taken off the goods, then the codes that do not count or wait for the delivery's price."""
    for one in outcome.applied:
        if one.amount > one.shipping:
            yield rows.CartDiscountRow(one.terms.title, one.terms.code, one.amount - one.shipping)
    for refused in outcome.refused:
        yield rows.CartDiscountRow(refused.terms.title, refused.terms.code, problem=code_problem(here(), refused))
    for code in outcome.unknown:
        yield rows.CartDiscountRow(code, code, problem=here()("errors.discount_code_unknown", entered=code))


def _item(line: CartItem, image: rows.ImageRow | None, free: int) -> rows.CartItemRow:
    return rows.CartItemRow(
        key=str(line.variant_id),
        product_title=line.title,
        variant_title="" if line.variant_title == "Default Title" else line.variant_title,
        url=at(f"/products/{line.handle}?variant={line.variant_id}"),
        quantity=line.quantity,
        price=line.unit_price,
        line_price=line.subtotal,
        original_price=line.shown_price if line.shown_price > line.unit_price else None,
        max_quantity=max(min(free, MAX_QUANTITY), 0),
        image=image,
        available=line.for_sale and free >= line.quantity,
        problem=_problem(line, free),
    )


def _problem(line: CartItem, free: int) -> str | None:
    if not line.for_sale:
        return here()("errors.no_longer_sold")
    if free < line.quantity:
        return shortage(free)
    return here()("errors.price_rose") if line.unit_price > line.shown_price else None


def shortage(free: int) -> str:
    """Say how many can be had."""
    return here()("errors.only_left", count=free) if free > 0 else here()("errors.sold_out")
