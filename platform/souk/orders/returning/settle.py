"""Inspect what came back, put it on the shelf or discard it, and settle the money: only the difference moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, insert, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.move import receive
from souk.inventory.same_goods import same_goods_at
from souk.kernel import clock
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.editing.confirm import make_true
from souk.orders.editing.plan import plan_edit
from souk.orders.events import note_event
from souk.orders.locks import lines_for_change, lock_order, on_levels
from souk.orders.models import Order, OrderChange, OrderLine, Refund
from souk.orders.refund import RefundLine, grant, move, refundable
from souk.orders.returning.errors import BadReturn, WrongReturnStatus
from souk.orders.returning.queries import read_return
from souk.orders.returning.rest import await_rest
from souk.orders.statuses import refresh_statuses
from souk.orders.worth import value_of, waiting_units
from souk.payments.errors import RefundRefused

Granted = list[int]


@dataclass(frozen=True, slots=True)
class Inspected:
    """Of a line's returned units, how many go back on the shelf and how many are thrown away."""

    line_id: int
    restock: int = 0
    discard: int = 0

    @property
    def units(self) -> int:
        return self.restock + self.discard


@dataclass(frozen=True, slots=True)
class Settlement:
    """Minor units: what goes back, what the customer still owes for an exchange, and the value of the goods."""

    refunded: int
    to_collect: int
    worth: int


def settle_return(
    scope: Scope,
    change_id: int,
    inspected: Sequence[Inspected],
    actor: str,
    amount: int | None = None,
    *,
    location_id: int | None = None,
    rest_follows: bool = False,
) -> Settlement:
    """Close an approved or received return; call it outside any transaction.

    `amount` (minor units) goes back instead of what the goods cost, such as less for worn ones; for an exchange the
    goods pay for the new ones and only the difference moves. What goes on the shelf does so at `location_id`, or where
    it was promised. With `rest_follows` the announced units that did not come yet stand in a new return that waits.

    Raises:
        UnknownLocation, UnknownReturn, WrongReturnStatus, BadReturn, RefundTooLarge, TaxUnanswered, OutOfStock:
            nothing was changed.
        RefundRefused: the return is closed and the refused refund on record.

    """

    def settled() -> tuple[Settlement, Granted]:
        with transaction(scope) as session:
            outcome = _settle(session, change_id, inspected, actor, amount)
            if rest_follows:
                await_rest(session, change_id, actor)
            _restock(session, change_id, inspected, actor, location_id)
            return outcome

    outcome, refunds = answered(scope, settled)
    refused = None
    for refund_id in refunds:
        try:
            move(scope, refund_id)
        except RefundRefused as error:
            refused = error
    if refused is not None:
        raise refused
    return outcome


def _settle(
    session: Session, change_id: int, inspected: Sequence[Inspected], actor: str, amount: int | None
) -> tuple[Settlement, Granted]:
    change = read_return(session, change_id)
    lock_order(session, change.order_id)
    change = read_return(session, change_id, lock=True)
    if change.status not in {"approved", "received"}:
        raise WrongReturnStatus(change.status, "only an approved or received one can be settled")
    units = _checked(change, inspected)
    worth = value_of(session, change.order_id, units) if units else 0
    settle = _exchange if change.content.get("added") else _refund
    outcome, refunds = settle(session, change, units, worth, actor, amount)
    content = {**change.content, "received": [asdict(one) for one in inspected if one.units]}
    session.execute(
        update(OrderChange)
        .where(OrderChange.id == change_id)
        .values(status="closed", content=content, refund_id=refunds[0] if refunds else None, updated_at=clock.now())
    )
    note_event(
        session, change.order_id, "return_closed", actor, return_id=change_id, kind=change.kind,
        restocked=sum(one.restock for one in inspected), discarded=sum(one.discard for one in inspected),
        amount=outcome.refunded,
    )  # fmt: skip
    publish(session, Event("return.closed", change_id, {"order_id": change.order_id, "amount": outcome.refunded}))
    return outcome, refunds


def _checked(change: Any, inspected: Sequence[Inspected]) -> dict[int, int]:
    """Return line -> units that came; never more than were announced."""
    announced: dict[int, int] = {}
    for line in change.content["lines"]:
        announced[line["line_id"]] = announced.get(line["line_id"], 0) + line["quantity"]
    units: dict[int, int] = {}
    for one in inspected:
        units[one.line_id] = units.get(one.line_id, 0) + one.units
        if min(one.restock, one.discard) < 0 or units[one.line_id] > announced.get(one.line_id, 0):
            raise BadReturn("More units were inspected than the return is about; correct the numbers.")
    return {line_id: count for line_id, count in units.items() if count}


def _refund(  # noqa: PLR0917 - private, shares its parameters with _exchange
    session: Session, change: Any, units: dict[int, int], worth: int, actor: str, amount: int | None
) -> tuple[Settlement, Granted]:
    back = worth if amount is None else amount
    back = min(back, refundable(session, change.order_id)) if amount is None else back
    if not back:
        _count_returned(session, units)
        refresh_statuses(session, change.order_id)
        return Settlement(0, 0, worth), []
    # Units whose money went back before their goods came are not refunded again.
    rows, waiting = lines_for_change(session, change.order_id), waiting_units(session, change.order_id)
    left = {line_id: row.quantity - row.refunded_quantity - waiting[line_id] for line_id, row in rows.items()}
    unpaid = {line_id: max(min(count, left[line_id]), 0) for line_id, count in units.items()}
    lines = [RefundLine(line_id, count, restock=False, sent=True) for line_id, count in unpaid.items() if count]
    refund_id = grant(
        session, change.order_id, back, lines, reason=f"{change.kind} {change.id}", actor=actor,
        idempotency_key=f"return-{change.id}",
    )  # fmt: skip
    return Settlement(back, 0, worth), [refund_id]


def _exchange(  # noqa: PLR0917 - private, shares its parameters with _refund
    session: Session, change: Any, units: dict[int, int], worth: int, actor: str, amount: int | None
) -> tuple[Settlement, Granted]:
    """Add the new goods; what came back pays for them as far as it goes, and the rest is owed by one side."""
    added = {"added": change.content["added"]}
    if change.kind == "claim" or amount is not None:
        worth = amount or 0
    new = plan_edit(session, change.order_id, added).difference
    credit = min(worth, new)
    if credit > 0:
        session.execute(
            insert(Refund).values(
                order_id=change.order_id, kind="exchange", status="succeeded", amount=credit, actor=actor,
                reason=f"exchange {change.id}", idempotency_key=f"exchange-{change.id}", created_at=clock.now(),
            )
        )  # fmt: skip
    _count_returned(session, units)
    _reopen(session, change.order_id)
    done, edit_refund = make_true(session, plan_edit(session, change.order_id, added), change.id, actor, change.kind)
    refunds = [edit_refund] if edit_refund is not None else []
    rest = min(worth - credit, refundable(session, change.order_id))
    if rest > 0:
        key = f"return-{change.id}"
        granted = grant(
            session, change.order_id, rest, [], reason=f"exchange {change.id}", actor=actor, idempotency_key=key
        )
        refunds.append(granted)
    # What an unpaid order owed before is no difference of this exchange.
    to_collect = done.to_collect if new > credit else 0
    return Settlement(max(rest, 0) + done.returned, to_collect, worth), refunds


def _reopen(session: Session, order_id: int) -> None:
    # New goods are to be sent: an archived order is at work again.
    session.execute(
        update(Order).where(Order.id == order_id, Order.status == "archived").values(status="open", closed_at=None)
    )


def _count_returned(session: Session, units: dict[int, int]) -> None:
    for line_id, count in units.items():
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line_id)
            .values(refunded_quantity=func.least(OrderLine.quantity, OrderLine.refunded_quantity + count))
        )


def _restock(
    session: Session, change_id: int, inspected: Sequence[Inspected], actor: str, location_id: int | None
) -> None:
    good: dict[int, int] = {}
    for one in inspected:
        good[one.line_id] = good.get(one.line_id, 0) + one.restock
    order_id = read_return(session, change_id).order_id
    levels = on_levels(lines_for_change(session, order_id), good)
    if location_id is not None:
        there = same_goods_at(session, location_id, levels)
        levels = dict(sorted((there[level_id], units) for level_id, units in levels.items()))
    cause = Cause(order_id, actor=actor, reason="returned")
    for level_id, units in levels.items():
        receive(session, level_id, units, cause)
