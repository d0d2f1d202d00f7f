"""The tax that a document tells, by rate: of a whole order, and of what went back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from souk.kernel.money import allocate, round_half_up
from souk.orders.read import OrderView

# Parts of units and of the shipping are weighed to a millionth of a minor unit.
_FINE = 1_000_000
_Part = Callable[[int | None], Decimal]


def tax_summary(order: OrderView) -> list[dict[str, Any]]:
    """Return [{title, rate, net, tax}] for each rate, in minor units: what an authority adds up."""
    return [{**row, "net": int(row["net"]), "tax": int(row["tax"])} for row in _rows(order, lambda _: Decimal(1))]


def credited_taxes(order: OrderView, refund: Any) -> list[dict[str, Any]]:
    """Return the same of a refund: of the lines and the shipping that it is for, or of all where it names none.

    The amount is spread over net and taxes by largest remainder, so that they add up to it where each thing has one
    rate; where several rates share one net, each tells it.
    """
    part = _part_of(order, refund)
    rows, whole = _rows(order, part), _gross(order, part)
    if not whole:
        return []
    net = whole - sum((row["tax"] for row in rows), Decimal(0))
    taxes = allocate(refund.amount, [_weight(net), *(_weight(row["tax"]) for row in rows)])
    untaxed = net - sum((row["net"] for row in rows), Decimal(0))
    if untaxed >= 0:
        nets = allocate(taxes[0], [_weight(untaxed), *(_weight(row["net"]) for row in rows)])[1:]
    else:
        nets = [round_half_up(row["net"] * refund.amount / whole) for row in rows]
    return [{**row, "net": one, "tax": tax} for row, one, tax in zip(rows, nets, taxes[1:], strict=True)]


def _rows(order: OrderView, part: _Part) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for tax in order.taxes:
        net, due = _net(order, tax.order_line_id) * part(tax.order_line_id), tax.amount * part(tax.order_line_id)
        if not net and not due:
            continue
        key = (tax.title, format(tax.rate.normalize(), "f"))
        row = found.setdefault(key, {"title": tax.title, "rate": key[1], "net": Decimal(0), "tax": Decimal(0)})
        row["net"] += net
        row["tax"] += due
    return list(found.values())


def _part_of(order: OrderView, refund: Any) -> _Part:
    """Return what part of each line, and of the shipping (None), a refund is about."""
    lines: Mapping[int, int] = {one["order_line_id"]: one["quantity"] for one in refund.lines}
    if not lines and not refund.shipping_amount:
        return lambda _: Decimal(1)
    of = {line.id: line.quantity for line in order.lines}
    shipping = _gross_of(order, None)

    def part(line_id: int | None) -> Decimal:
        if line_id is None:
            return Decimal(refund.shipping_amount) / shipping if shipping else Decimal(0)
        return Decimal(lines.get(line_id, 0)) / of[line_id] if of.get(line_id) else Decimal(0)

    return part


def _gross(order: OrderView, part: _Part) -> Decimal:
    things: list[int | None] = [None, *(line.id for line in order.lines)]
    return sum((_gross_of(order, thing) * part(thing) for thing in things), Decimal(0))


def _gross_of(order: OrderView, line_id: int | None) -> int:
    added = sum(tax.amount for tax in order.taxes if not tax.included and tax.order_line_id == line_id)
    return _price(order, line_id) + int(added)


def _net(order: OrderView, line_id: int | None) -> int:
    included = sum(tax.amount for tax in order.taxes if tax.included and tax.order_line_id == line_id)
    return _price(order, line_id) - int(included)


def _price(order: OrderView, line_id: int | None) -> int:
    if line_id is None:
        return int(order.shipping_total)
    line = next(line for line in order.lines if line.id == line_id)
    return int(line.subtotal - line.discount_total)


def _weight(amount: Decimal) -> int:
    return max(int(amount * _FINE), 0)
