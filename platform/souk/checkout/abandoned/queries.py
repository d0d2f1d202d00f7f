"""List abandoned checkouts with what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from souk.cart.models import Cart, CartLine
from souk.checkout.errors import UnknownCheckout
from souk.checkout.models import Checkout
from souk.kernel import clock
from souk.orders.models import Order

# A buyer who looks for their card is not gone yet.
LEFT_AFTER = timedelta(minutes=30)
STATUSES = ("open", "recovered", "expired")


@dataclass(frozen=True, slots=True)
class Sums:
    """`recovered` orders brought `revenue` (minor units of the shop's currency); `value` is what is still open."""

    left: int
    recovered: int
    revenue: int
    value: int


_link_cart, _link_order = aliased(Cart), aliased(Order)
_OF_LINK = (
    select(_link_order.id)
    .join(_link_cart, _link_cart.id == _link_order.cart_id)
    .where(_link_cart.recovered_from == Checkout.id)
    .limit(1)
    .scalar_subquery()
)
_OWN = select(Order.id).where(Order.checkout_id == Checkout.id).correlate(Checkout).limit(1).scalar_subquery()
# The link's order counts, and the checkout's own when its buyer had been written to or had come by the link.
_ORDER_ID = case((Checkout.status == "completed", _OWN), else_=_OF_LINK)
_CART_VALUE = (
    select(func.sum(CartLine.quantity * CartLine.unit_price))
    .where(CartLine.cart_id == Checkout.cart_id)
    .correlate(Checkout)
    .scalar_subquery()
)
_VALUE = func.coalesce(Checkout.totals["total"].as_integer().cast(BigInteger), cast(_CART_VALUE, BigInteger), 0)
_ROWS: tuple[Any, ...] = (
    Checkout.id, Checkout.email, Checkout.customer_id, Checkout.currency, Checkout.shipping_address,
    Checkout.accepts_marketing, Checkout.reminded_at, Checkout.returned_at, Checkout.created_at, Checkout.updated_at,
    Checkout.cart_id, _VALUE.label("value"), _ORDER_ID.label("order_id"),
    (Cart.expires_at > func.now()).label("alive"),
)  # fmt: skip


def _left() -> list[ColumnElement[bool]]:
    filled = exists().where(CartLine.cart_id == Checkout.cart_id)
    given_up = and_(Checkout.status.in_(["open", "expired"]), Checkout.updated_at < clock.now() - LEFT_AFTER, filled)
    came_back = or_(Checkout.reminded_at.is_not(None), Checkout.returned_at.is_not(None))
    won = and_(Checkout.status == "completed", came_back)
    return [Checkout.email != "", Checkout.source == "storefront", or_(given_up, won)]


def _with_status(status: str) -> list[ColumnElement[bool]]:
    if status == "recovered":
        return [_ORDER_ID.is_not(None)]
    alive = Cart.expires_at > func.now()
    return [_ORDER_ID.is_(None), alive if status == "open" else ~alive] if status in STATUSES else []


def status_of(row: Any) -> str:
    """Return recovered, open, or expired when its cart is kept no more."""
    if row.order_id is not None:
        return "recovered"
    return "open" if row.alive else "expired"


def list_abandoned(
    session: Session, *, status: str = "", query: str = "", page: int = 1, limit: int = 50
) -> tuple[Sequence[Any], int]:
    """Return one page, newest first, and how many there are; `query` is a part of the e-mail address."""
    where = [*_left(), *_with_status(status)]
    if query:
        where.append(Checkout.email.icontains(query, autoescape=True))
    found = select(*_ROWS).join(Cart, Cart.id == Checkout.cart_id).where(*where)
    total = session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
    rows = found.order_by(Checkout.id.desc()).offset((page - 1) * limit).limit(limit)
    return session.execute(rows).all(), total


def abandoned_after(session: Session, where: Sequence[ColumnElement[bool]], status: str, limit: int) -> Sequence[Any]:
    """Return up to `limit` for a list that is walked by cursor, newest first."""
    found = select(*_ROWS).join(Cart, Cart.id == Checkout.cart_id).where(*_left(), *_with_status(status), *where)
    return session.execute(found.order_by(Checkout.id.desc()).limit(limit)).all()


def read_abandoned(session: Session, checkout_id: int) -> Any:
    """Raises UnknownCheckout for one that is none, or was not left."""
    found = abandoned_after(session, [Checkout.id == checkout_id], "", 1)
    if not found:
        raise UnknownCheckout
    return found[0]


def sums_of(session: Session) -> Sums:
    """Return what was left and what came back, of checkouts whose record is there."""
    rows = select(*_ROWS).join(Cart, Cart.id == Checkout.cart_id).where(*_left()).subquery()
    order = aliased(Order)
    waiting = and_(rows.c.order_id.is_(None), rows.c.alive)
    sums = select(
        func.count(),
        func.count(rows.c.order_id),
        func.coalesce(func.sum(order.total), 0),
        func.coalesce(func.sum(case((waiting, rows.c.value), else_=0)), 0),
    ).outerjoin_from(rows, order, order.id == rows.c.order_id)
    return Sums(*(int(one) for one in session.execute(sums).one()))
