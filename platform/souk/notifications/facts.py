"""What mails tell, read once into plain values, so that composing touches no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from souk.addresses.lines import address_lines
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.goods_names import named_rate, rate_words, read_names
from souk.kernel.money import Money
from souk.kernel.settings import read_setting
from souk.kernel.statement import Statement
from souk.kernel.tenancy import TenantScope, control_scope
from souk.notifications.own_texts import read_texts, read_unsent
from souk.orders.downloads.read import downloads_of
from souk.orders.fulfill import DOWNLOAD
from souk.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine, Refund
from souk.payments.gift_cards.queries import cards_of_order, cards_paid, read_card
from tenants.models import Tenant
from tenants.queries import domains_of


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """`origin` is the shop's primary address with scheme, such as https://lamps.example; `dashboard` that of its
    pages for staff.
    """

    name: str
    email: str
    origin: str
    locale: str = "en"
    dashboard: str = ""
    # The shop's own words by kind of mail: {subject, text}.
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # The kinds of mail that the shop does not send.
    unsent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LineFacts:
    title: str
    variant_title: str
    quantity: int
    total: str


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Amounts are (key of the mails' texts, money as the order's locale writes it)."""

    id: int
    name: str
    email: str
    locale: str
    url: str
    customer_name: str
    lines: tuple[LineFacts, ...]
    amounts: tuple[tuple[str, str], ...]
    total: str
    address_lines: Sequence[str]
    shipping_title: str
    cancel_reason: str
    # What plugins asked in the checkout, one line each.
    answers: str = ""
    # Where it is collected, one line each, and what its buyer should know; empty where it is sent.
    pickup_lines: Sequence[str] = ()
    pickup_note: str = ""
    # (key, last characters of a card, money): what cards and credit pay of the total, then `due`; empty without any.
    paid_by: tuple[tuple[str, str, str], ...] = ()
    # Gift cards and files arrive by mails of their own.
    sent: bool = True


@dataclass(frozen=True, slots=True)
class ParcelFacts:
    order_id: int
    company: str
    number: str
    url: str
    lines: tuple[LineFacts, ...]


@dataclass(frozen=True, slots=True)
class FileFacts:
    filename: str
    url: str


@dataclass(frozen=True, slots=True)
class LowFacts:
    """`detail`: variant, SKU and place in one line."""

    title: str
    detail: str
    available: int


def low_facts(line: Mapping[str, Any]) -> LowFacts:
    """Return a line of the payload of `inventory.low_digest`."""
    variant = "" if line["variant"] == "Default Title" else line["variant"]
    return LowFacts(
        line["title"], " · ".join(part for part in (variant, line["sku"], line["location"]) if part), line["available"]
    )


def file_facts(session: Session, order_id: int, origin: str) -> list[FileFacts]:
    """Return the files of an order with their addresses."""
    return [FileFacts(one.filename, f"{origin}/downloads/{one.token}") for one in downloads_of(session, order_id)]


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """`total` is written out, as far as it stands before the buyer has chosen a rate."""

    email: str
    total: str
    note: str
    lines: tuple[LineFacts, ...]


def primary_origin(scope: TenantScope) -> str:
    """Return the shop's address; its own short transaction of the control scope."""
    with transaction(control_scope(), read_only=True) as session:
        return config().origin(domains_of(session, scope.tenant_id)[0][0])


def dashboard_address(scope: TenantScope) -> str:
    """Return where the shop's dashboard begins; its own short transaction of the control scope."""
    with transaction(control_scope(), read_only=True) as session:
        slug = session.execute(select(Tenant.slug).where(Tenant.id == scope.tenant_id)).scalar_one()
    return f"{config().origin(f'admin.{config().base_domain}')}/shops/{slug}"


def shop_facts(session: Session, origin: str, dashboard: str = "") -> ShopFacts:
    shop = read_setting(session, "shop")
    return ShopFacts(
        name=str(shop.get("name") or "Shop"),
        email=str(shop.get("email") or ""),
        origin=origin,
        locale=str(shop.get("locale") or "en"),
        dashboard=dashboard,
        texts=read_texts(session),
        unsent=read_unsent(session),
    )


def order_facts(session: Session, order_id: int, origin: str) -> OrderFacts | None:
    """Return what a mail tells of an order; None when there is no such order."""
    order = _READ_ORDER.first(session, order_id=order_id)
    if order is None:
        return None
    lines = _READ_LINES.all(session, order_id=order_id)
    names = read_names(session, order.locale, lines, rate_words(order.shipping_line))
    rate = named_rate(names, order.shipping_line)
    return OrderFacts(
        id=order_id,
        name=order.name,
        email=order.email,
        locale=order.locale,
        url=f"{origin}/orders/{order.token}",
        customer_name=str(order.shipping_address.get("name", "")),
        lines=tuple(
            LineFacts(
                names.title(line),
                names.variant(line),
                line.quantity,
                written(line.subtotal, order.currency, order.locale),
            )
            for line in lines
        ),
        amounts=_amounts(order),
        total=written(order.total, order.currency, order.locale),
        paid_by=_paid_by(order, cards_of_order(session, order_id)) if order.has_cards else (),
        address_lines=address_lines(order.shipping_address, order.locale),
        shipping_title=str(rate.get("title", "")),
        cancel_reason=order.cancel_reason or "",
        pickup_lines=_pickup_lines(rate, order.locale),
        pickup_note=str(rate.get("pickup", {}).get("instructions", "")),
        answers="\n".join(f"{one['label']}: {one['value']}" for one in order.fields),
        sent=any(line.requires_shipping for line in lines),
    )


def _pickup_lines(rate: Mapping[str, Any], locale: str) -> Sequence[str]:
    place = rate.get("pickup")
    return [str(place["name"]), *address_lines(place["address"], locale)] if place else ()


def parcel_facts(session: Session, fulfillment_id: int) -> ParcelFacts | None:
    # What was sent as files has a mail of its own.
    wanted = (Fulfillment.id == fulfillment_id, Fulfillment.provider != DOWNLOAD)
    row = session.execute(select(*_PARCEL).join(Order, Order.id == Fulfillment.order_id).where(*wanted)).first()
    if row is None:
        return None
    lines = session.execute(
        select(OrderLine.product_id, OrderLine.title, OrderLine.variant_title, FulfillmentLine.quantity)
        .join(FulfillmentLine, FulfillmentLine.order_line_id == OrderLine.id)
        .where(FulfillmentLine.fulfillment_id == fulfillment_id)
        .order_by(OrderLine.id)
    ).all()
    names = read_names(session, row.locale, lines)
    inside = tuple(LineFacts(names.title(line), names.variant(line), line.quantity, "") for line in lines)
    return ParcelFacts(row[0], row[1], row[2], row[3], inside)


@dataclass(frozen=True, slots=True)
class GiftCardFacts:
    """A gift card as its mail tells it; the code is not among the facts, for it is not kept."""

    email: str
    name: str
    message: str
    amount: str


def gift_card_facts(session: Session, card_id: int, locale: str) -> GiftCardFacts:
    card = read_card(session, card_id)
    told = {name: str(card.recipient.get(name, "")) for name in ("email", "name", "message")}
    return GiftCardFacts(**told, amount=written(card.initial_amount, card.currency, locale))


def refund_facts(session: Session, refund_id: int) -> tuple[int, str] | None:
    """Return the order's number and the refunded amount, written out."""
    row = session.execute(
        select(Refund.order_id, Refund.amount, Order.currency, Order.locale)
        .join(Order, Order.id == Refund.order_id)
        .where(Refund.id == refund_id)
    ).first()
    return None if row is None else (row[0], written(row[1], row[2], row[3]))


_ORDER: tuple[Any, ...] = (
    Order.name,
    Order.token,
    Order.email,
    Order.currency,
    Order.locale,
    Order.subtotal,
    Order.discount_total,
    Order.shipping_total,
    Order.additional_tax_total,
    Order.included_tax_total,
    Order.total,
    Order.shipping_address,
    Order.shipping_line,
    Order.discounts,
    Order.cancel_reason,
    Order.fields,
    cards_paid(Order.id).label("has_cards"),
)
_LINE = (
    OrderLine.product_id, OrderLine.title, OrderLine.variant_title, OrderLine.quantity, OrderLine.subtotal,
    OrderLine.requires_shipping,
)  # fmt: skip
_READ_ORDER = Statement[Any](select(*_ORDER).where(Order.id == bindparam("order_id")))
_READ_LINES = Statement[Any](
    select(*_LINE).where(OrderLine.order_id == bindparam("order_id"), OrderLine.quantity > 0).order_by(OrderLine.id)
)
_PARCEL = (
    Fulfillment.order_id,
    Fulfillment.tracking_company,
    Fulfillment.tracking_number,
    Fulfillment.tracking_url,
    Order.locale,
)


def _amounts(order: Any) -> tuple[tuple[str, str], ...]:
    # Orders from before discounts were kept have their sum only.
    way = "pick_up" if "pickup" in order.shipping_line else "shipping"
    named = [(one["code"] or one["title"], -one["amount"]) for one in order.discounts if one["class"] != "shipping"]
    off = named or [("discount", -order.discount_total)]
    parts = [("subtotal", order.subtotal), *off, (way, order.shipping_total)]
    parts += [("tax", order.additional_tax_total), ("tax_included", order.included_tax_total)]
    free = way if order.shipping_line else ""
    shown = [part for part in parts if part[1] or part[0] in {"subtotal", free}]
    return tuple((label, written(amount, order.currency, order.locale)) for label, amount in shown)


def _paid_by(order: Any, cards: Sequence[Any]) -> tuple[tuple[str, str, str], ...]:
    left = order.total - sum(one.amount for one in cards)
    rows = [(f"paid_{one.kind}", one.label, -one.amount) for one in cards] + [("due", "", left)]
    return tuple((key, label, written(amount, order.currency, order.locale)) for key, label, amount in rows)


def written(amount: int, currency: str, locale: str) -> str:
    """Return an amount of minor units as a reader of the locale writes it."""
    return Money(amount, currency).format(locale)
