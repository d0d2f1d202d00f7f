"""Make an order of its rows, with totals that add up, or say what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import TypeVar

import pycountry

from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.numbers import UnreadableNumber
from souk.kernel.email_address import normalize_email
from souk.kernel.errors import Invalid
from souk.kernel.money import allocate, round_half_up
from souk.orders.importing.gather import Cells, Gathered
from souk.orders.importing.values import amount, moment, price, quantity

# RFC 2606 reserves .invalid: a customer of whom the file says only a number can never be written to.
_NOBODY = "customer-{}@imported.invalid"
_UNPAID = frozenset(["pending", "authorized", "voided", "unpaid", "expired"])
MOST_LINES = 5_000
_LONGEST = 300
# Names that programs write and ISO 3166 does not know.
_NAMES = {"eire": "IE", "usa": "US", "uk": "GB", "rsa": "ZA", "korea": "KR", "channel islands": "GG"}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: its decimal sign, and the currency and zone where the file names none."""

    decimal: str
    currency: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class ImportedLine:
    """Minor units. What came back has a positive quantity and a negative price, so that `subtotal` is negative."""

    title: str
    sku: str
    quantity: int
    unit_price: int
    subtotal: int
    discount: int


@dataclass(frozen=True, slots=True)
class ImportedOrder:
    """An order as the other system knew it; amounts in minor units. A cancellation note has a negative total."""

    number: str
    line: int
    placed_at: datetime
    email: str
    customer: str
    currency: str
    address: Mapping[str, str]
    lines: list[ImportedLine] = field(default_factory=list)
    shipping: int = 0
    shipping_title: str = ""
    included_tax: int = 0
    additional_tax: int = 0
    paid: int = 0
    refunded: int = 0
    canceled_at: datetime | None = None
    fulfilled: bool = True
    note: str = ""
    tags: tuple[str, ...] = ()

    @property
    def subtotal(self) -> int:
        return sum(line.subtotal for line in self.lines)

    @property
    def discount(self) -> int:
        return sum(line.discount for line in self.lines)

    @property
    def total(self) -> int:
        return self.subtotal - self.discount + self.shipping + self.additional_tax


def parse(order: Gathered, reading: Reading) -> ImportedOrder:
    """Return the order of these rows; raises RowInvalid, which names line, field and cure."""
    first = order.rows[0]
    for row in order.rows:
        if row.problem:
            raise RowInvalid(row.line, "", row.problem)
    if not order.number:
        raise RowInvalid(first.line, "number", "the order has no number; give it one that no other order has.")
    if len(order.rows) > MOST_LINES:
        raise RowInvalid(first.line, "", f"the order has more than {MOST_LINES:,} lines; split it.")
    told = _told(order)
    currency = (told.get("currency") or reading.currency).upper()
    if not is_currency(currency):
        raise RowInvalid(first.line, "currency", f"“{currency[:10]}” is no currency; write it like EUR.")
    lines = [_line(row, reading, currency) for row in order.rows if row.values.get("line_quantity")]
    if not lines:
        raise RowInvalid(first.line, "line_quantity", "the order has no lines; every order needs one.")
    return _order(order, told, currency, lines, reading)


@lru_cache(maxsize=1_000)
def is_currency(code: str) -> bool:
    """Tell whether `code` is one of ISO 4217, in capitals."""
    return pycountry.currencies.get(alpha_3=code) is not None


def _told(order: Gathered) -> dict[str, str]:
    """Return what the rows say of the order as a whole: the first row that says something counts."""
    told: dict[str, str] = {}
    for row in order.rows:
        for name, value in row.values.items():
            told.setdefault(name, value)
    return told


def _order(
    gathered: Gathered, told: Mapping[str, str], currency: str, lines: list[ImportedLine], reading: Reading
) -> ImportedOrder:
    first = gathered.rows[0].line

    def money(name: str) -> int:
        return _read(first, name, lambda: amount(told.get(name, ""), reading.decimal, currency))

    def when(name: str) -> datetime | None:
        return _read(first, name, lambda: moment(told[name], reading.zone)) if told.get(name) else None

    placed_at = when("placed_at")
    if placed_at is None:
        raise RowInvalid(first, "placed_at", "the order has no date; history needs one.")
    lines = _discounted(lines, money("discount"))
    net = sum(line.subtotal - line.discount for line in lines) + money("shipping")
    included, added = _taxes(first, net, money("tax"), money("total") if told.get("total") else None)
    total = net + added
    status = told.get("financial_status", "paid").lower().replace(" ", "_")
    refunded = max(-total, 0) if total < 0 else min(max(money("refunded"), 0), total)
    if status == "refunded" and not refunded:
        refunded = max(total, 0)
    email = _email(first, told)
    customer = told.get("customer", "").removesuffix(".0")[:60]
    return ImportedOrder(
        number=gathered.number[:60],
        line=first,
        placed_at=placed_at,
        email=email,
        customer=email or (_NOBODY.format(_plain(customer)) if customer else ""),
        currency=currency,
        address=_address(told),
        lines=lines,
        shipping=money("shipping"),
        shipping_title=told.get("shipping_title", "")[:_LONGEST],
        included_tax=included,
        additional_tax=added,
        paid=0 if status in _UNPAID else max(total, 0),
        refunded=0 if status in _UNPAID else refunded,
        canceled_at=when("canceled_at"),
        fulfilled=told.get("fulfillment_status", "fulfilled").lower() in {"fulfilled", "shipped", "delivered"},
        note=told.get("note", "")[:2_000],
        tags=tuple(tag.strip()[:40] for tag in told.get("tags", "").split(",") if tag.strip())[:50],
    )


def _read(line: int, name: str, read: Callable[[], Value]) -> Value:
    try:
        return read()
    except UnreadableNumber as error:
        raise RowInvalid(line, name, str(error)) from None


def _line(row: Cells, reading: Reading, currency: str) -> ImportedLine:
    def text(name: str) -> str:
        return row.values.get(name, "")

    count = _read(row.line, "line_quantity", lambda: quantity(text("line_quantity"), reading.decimal))
    if not text("line_price"):
        raise RowInvalid(row.line, "line_price", "the line has no price; write 0 for what was free.")
    each = _read(row.line, "line_price", lambda: price(text("line_price"), reading.decimal, currency))
    discount = _read(row.line, "line_discount", lambda: amount(text("line_discount"), reading.decimal, currency))
    whole = round_half_up(each * count)
    unit = round_half_up(each if count > 0 else -each)
    title = text("line_title") or text("line_sku") or "Item"
    return ImportedLine(title[:_LONGEST], text("line_sku")[:100], abs(count), unit, whole, discount)


def _discounted(lines: list[ImportedLine], discount: int) -> list[ImportedLine]:
    """Spread an order's discount over its lines; what the lines name themselves is part of it in most exports."""
    own = sum(line.discount for line in lines)
    if discount <= own:
        return lines
    left = allocate(discount - own, [max(line.subtotal - line.discount, 0) for line in lines])
    return [
        ImportedLine(line.title, line.sku, line.quantity, line.unit_price, line.subtotal, line.discount + part)
        for line, part in zip(lines, left, strict=True)
    ]


def _taxes(line: int, net: int, tax: int, total: int | None) -> tuple[int, int]:
    """Return (tax inside the prices, tax on top); the file's total says which it is."""
    if total is None:
        return (tax, 0)
    if total == net:
        return (tax, 0)
    if total == net + tax:
        return (0, tax)
    reason = (
        f"the total {total} is neither the lines with shipping ({net}) nor these with the tax ({net + tax}), in minor"
        " units; correct the columns or the row."
    )
    raise RowInvalid(line, "total", reason)


def _email(line: int, told: Mapping[str, str]) -> str:
    if not told.get("email"):
        return ""
    try:
        return normalize_email(told["email"])
    except Invalid:
        raise RowInvalid(line, "email", f"“{told['email'][:60]}” is no e-mail address; correct or empty it.") from None


def _plain(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower()).strip("-")


def _address(told: Mapping[str, str]) -> dict[str, str]:
    names = ("name", "line1", "line2", "city", "state", "postal_code", "phone")
    address = {name: told.get(name, "")[:_LONGEST] for name in names}
    return address | {"country": _country(told.get("country", ""))}


@lru_cache(maxsize=1_000)
def _country(text: str) -> str:
    """Return the two letters of a country that is known by code or name, else what the file says."""
    try:
        return str(pycountry.countries.lookup(text).alpha_2) if text else ""
    except LookupError:
        return _NAMES.get(text.lower(), text[:60])
