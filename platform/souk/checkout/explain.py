"""Explain a price: every step that made a line's amount, kept with the line so that it can be told for ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from souk.cart.queries import CartItem
from souk.discounts.terms import Outcome
from souk.kernel.money import round_half_up
from souk.orders.draft import DraftTax
from souk.orders.goods import BY_STAFF

Step = Mapping[str, Any]
_OF_ONE_UNIT = frozenset(["base", "list", "quantity_break", BY_STAFF, "relief"])


@dataclass(frozen=True, slots=True)
class Relief:
    """Why a buyer is relieved of tax, '' where they are not, and the price (minor units) that others are shown."""

    reason: str
    shown_price: int


def trace_of(
    item: CartItem, index: int, outcome: Outcome, taxes: Sequence[DraftTax], relief: Relief, *, included: bool
) -> list[dict[str, Any]]:
    """Return the steps in their order; `amount` is in minor units: of one unit in `base`, `list`, `quantity_break`,
    `set by staff` and `relief`, of the line elsewhere. `converted` in `base` names the catalogue's price and the rate.

    `source` in `tax` names the tax provider that said the rate; without it the shop's own table did.
    `exact` in `rounding` is the line's tax before it was rounded. `below_cost` is there when the line earns less
    than the goods cost; it holds no amount, for a buyer's API must not tell what a merchant pays.
    """
    base = [dict(step) for step in item.price_steps] or [{"step": "base", "amount": relief.shown_price}]
    steps: list[dict[str, Any]] = [
        *base,
        *([{"step": "relief", "reason": relief.reason, "amount": item.unit_price}] if relief.reason else []),
        {"step": "quantity", "quantity": item.quantity, "amount": item.subtotal},
    ]
    steps += _discounts(index, outcome)
    net = item.subtotal - outcome.of_line(index)
    steps += [_tax(tax) for tax in taxes]
    if taxes:
        exact = _exact_tax(net, (Decimal(tax.rate) for tax in taxes), included=included)
        steps.append({"step": "rounding", "exact": str(exact.quantize(Decimal("0.000001")))})
    if item.cost is not None and net < item.cost * item.quantity:
        steps.append({"step": "below_cost"})
    return steps


def _tax(tax: DraftTax) -> dict[str, Any]:
    told = {"step": "tax", "title": tax.title, "rate": tax.rate, "amount": tax.amount, "included": tax.included}
    return told | {"source": tax.source} if tax.source else told


def _discounts(index: int, outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "step": "discount",
            "discount_id": one.terms.id,
            "title": one.terms.title,
            "code": one.terms.code,
            "class": one.terms.kind,
            "value_type": one.terms.value_type,
            "value": str(one.terms.value),
            "amount": -one.lines[index],
        }
        for one in outcome.applied
        if one.lines[index]
    ]


def _exact_tax(net: int, rates: Iterable[Decimal], *, included: bool) -> Decimal:
    combined = sum(rates, Decimal(0))
    return net * combined / (1 + combined) if included else net * combined


@dataclass(frozen=True, slots=True)
class Replayed:
    """What an explanation recomputes to, in minor units: the line before tax is added, its tax, what is charged."""

    net: int
    tax: int
    charged: int


def replay(trace: Sequence[Step]) -> Replayed:
    """Calculate a line from its explanation alone: what it says is what was charged, or the two differ."""
    unit = [step["amount"] for step in trace if step["step"] in _OF_ONE_UNIT][-1]
    quantity = next((step["quantity"] for step in trace if step["step"] == "quantity"), 1)
    net = unit * quantity + sum(step["amount"] for step in trace if step["step"] == "discount")
    taxes = [step for step in trace if step["step"] == "tax"]
    included = bool(taxes) and all(step["included"] for step in taxes)
    tax = round_half_up(_exact_tax(net, (Decimal(step["rate"]) for step in taxes), included=included))
    return Replayed(net, tax, net if included else net + tax)
