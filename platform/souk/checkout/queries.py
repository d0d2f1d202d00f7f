"""Find checkouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from souk.cart.models import Cart
from souk.checkout.errors import UnknownCheckout
from souk.checkout.models import Checkout
from souk.customers.models import Customer
from souk.inventory.models import Location
from souk.kernel.statement import Statement
from souk.orders.models import Order
from souk.payments.gift_cards.models import GiftCard


@dataclass(frozen=True, slots=True)
class CheckoutRow:
    """A checkout's columns; a changed one is made by `replace` before it is written."""

    id: int
    token: str
    cart_id: int
    customer_id: int | None
    status: str
    email: str
    currency: str
    locale: str
    shipping_address: Mapping[str, Any]
    billing_address: Mapping[str, Any]
    shipping_rate: Mapping[str, Any]
    payment_provider: str
    totals: Mapping[str, Any]
    terms: Mapping[str, Any]
    note: str
    accepts_marketing: bool
    source: str
    completing_at: datetime | None
    expires_at: datetime
    cart_completed_at: datetime | None
    discount_codes: Sequence[str]
    extras: Mapping[str, Any]
    # What the customer has as store credit, in minor units.
    credit: int
    # The country whose prices the cart shows, and the customer's groups.
    cart_country: str = ""
    groups: Sequence[str] = ()
    # [{id, name, address, pickup}]: where the shop lets buyers collect, in the order in which the places serve.
    pickups: Sequence[Mapping[str, Any]] = ()


# A part of the same statement: a checkout without credit pays nothing more for the question.
_CREDIT = (
    select(GiftCard.balance)
    .where(
        GiftCard.customer_id == Checkout.customer_id,
        GiftCard.kind == "store_credit",
        GiftCard.status == "active",
        GiftCard.currency == Checkout.currency,
    )
    .scalar_subquery()
)
# Only the account itself has its groups' prices: whoever types somebody's address does not.
_GROUPS = select(Customer.tags).where(Customer.id == Checkout.customer_id).scalar_subquery()
# Likewise: nearly all shops have no such place.
_PICKUPS = (
    select(
        func.jsonb_agg(
            aggregate_order_by(
                func.jsonb_build_object(
                    "id", Location.id, "name", Location.name, "address", Location.address, "pickup", Location.pickup
                ),
                Location.priority,
                Location.id,
            )
        )
    )
    .where(Location.active, Location.pickup != literal_column("'{}'::jsonb"))
    .scalar_subquery()
)
_COLUMNS = select(
    Checkout.id,
    Checkout.token,
    Checkout.cart_id,
    Checkout.customer_id,
    Checkout.status,
    Checkout.email,
    Checkout.currency,
    Checkout.locale,
    Checkout.shipping_address,
    Checkout.billing_address,
    Checkout.shipping_rate,
    Checkout.payment_provider,
    Checkout.totals,
    Checkout.terms,
    Checkout.note,
    Checkout.accepts_marketing,
    Checkout.source,
    Checkout.completing_at,
    Checkout.expires_at,
    Cart.completed_at.label("cart_completed_at"),
    Cart.discount_codes,
    Checkout.extras,
    func.coalesce(_CREDIT, 0).label("credit"),
    Cart.country.label("cart_country"),
    func.coalesce(_GROUPS, []).label("groups"),
    func.coalesce(_PICKUPS, literal_column("'[]'::jsonb")).label("pickups"),
).join(Cart, Cart.id == Checkout.cart_id)
_BY_TOKEN = Statement(_COLUMNS.where(Checkout.token == bindparam("token")), CheckoutRow)
_LOCK_BY_TOKEN = Statement(
    _COLUMNS.where(Checkout.token == bindparam("token")).with_for_update(of=[Checkout, Cart]), CheckoutRow
)
_LOCK_BY_ID = Statement(
    _COLUMNS.where(Checkout.id == bindparam("id")).with_for_update(of=[Checkout, Cart]), CheckoutRow
)


def checkout_by_token(session: Session, token: str, *, lock: bool = False) -> CheckoutRow:
    """Return the checkout's columns with its cart's token; raises UnknownCheckout."""
    row = (_LOCK_BY_TOKEN if lock else _BY_TOKEN).first(session, token=token)
    if row is None:
        raise UnknownCheckout
    return row


def lock_checkout(session: Session, checkout_id: int) -> CheckoutRow:
    """Lock a checkout that exists; whoever finishes, releases or changes it holds this lock."""
    return _LOCK_BY_ID.one(session, id=checkout_id)


def order_of(session: Session, checkout_id: int) -> tuple[int, str] | None:
    """Return (order id, order token) of a checkout that was completed: the order it made, or whose balance it paid."""
    balance = select(Checkout.terms["order_id"].as_integer()).where(Checkout.id == checkout_id).scalar_subquery()
    of_checkout = or_(Order.checkout_id == checkout_id, Order.id == balance)
    row = session.execute(select(Order.id, Order.token).where(of_checkout)).first()
    return None if row is None else (row.id, row.token)


def token_of_checkout(session: Session, checkout_id: int) -> str:
    return session.execute(select(Checkout.token).where(Checkout.id == checkout_id)).scalar_one()
