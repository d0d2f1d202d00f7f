"""What staff ask of the list of orders: words, filters; as an address, as a view, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, exists, func, or_, select

from souk.orders.models import Order, OrderLine
from souk.web.dashboard.pages import zone

FILTERS: Mapping[str, tuple[str, ...]] = {
    "status": ("open", "archived", "canceled"),
    "financial_status": (
        "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided", "expired",
    ),
    "fulfillment_status": ("unfulfilled", "in_progress", "on_hold", "partially_fulfilled", "fulfilled"),
}  # fmt: skip
TITLES = {"status": "Any status", "financial_status": "Any payment", "fulfillment_status": "Any fulfillment"}


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """Everything as text; an empty one asks for nothing. `since` and `until` are days by the shop's clock."""

    q: str = ""
    status: str = ""
    financial_status: str = ""
    fulfillment_status: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""

    @property
    def filtered(self) -> bool:
        return bool(self.arguments())

    def arguments(self) -> dict[str, str]:
        """Return what the address of this list says, without what is not asked."""
        return {name: value for name, value in asdict(self).items() if value}

    def address(self) -> str:
        """Return the same as a query string."""
        return urlencode(self.arguments())

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = [getattr(Order, name) == getattr(self, name) for name in FILTERS if getattr(self, name)]
        if self.q:
            wanted.append(_matching(self.q))
        if self.tag:
            tag = func.unnest(Order.tags).column_valued("tag")
            wanted.append(exists().where(func.lower(tag) == self.tag.lower()))
        if self.since:
            wanted.append(Order.placed_at >= _midnight(self.since))
        if self.until:
            wanted.append(Order.placed_at < _midnight(self.until, days=1))
        return wanted


def order_query_of(arguments: Mapping[str, str]) -> OrderQuery:
    """Read an address; what is none of the choices asks for nothing."""
    read = {name: arguments.get(name, "").replace("\0", "").strip()[:100] for name in asdict(OrderQuery())}
    for name, values in FILTERS.items():
        read[name] = read[name] if read[name] in values else ""
    for name in ("since", "until"):
        read[name] = read[name] if _is_day(read[name]) else ""
    return OrderQuery(**read)


def order_query_of_address(address: str) -> OrderQuery:
    return order_query_of(dict(parse_qsl(address)))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year > 1
    except ValueError:
        return False


def _midnight(day: str, days: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), zone()) + timedelta(days=days)


def _matching(words: str) -> ColumnElement[bool]:
    name = Order.shipping_address["name"].astext
    skus = select(OrderLine.order_id).where(func.lower(OrderLine.sku) == words.lower())
    return or_(
        func.lower(Order.name).in_([words.lower(), f"#{words.lower()}"]),
        Order.external_number == words,
        Order.email.icontains(words, autoescape=True),
        name.icontains(words, autoescape=True),
        Order.id.in_(skus),
    )
