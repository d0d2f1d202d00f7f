"""Give money back: the grant is written first, then the provider moves it, then that is a fact of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from souk.inventory.cause import Cause
from souk.inventory.move import deallocate, receive
from souk.kernel import clock
from souk.kernel.db import refuse_inside_transaction, transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.errors import CannotRefundLine, RefundNeedsReason, RefundTooLarge
from souk.orders.events import note_event
from souk.orders.locks import lines_for_change, lock_order, on_levels
from souk.orders.models import Order, OrderLine, Refund
from souk.orders.statuses import refresh_statuses
from souk.payments.attempts import paid_attempt, payment_of
from souk.payments.errors import ProviderUnreachable, RefundRefused
from souk.payments.gift_cards.give_back import give_back_to_cards
from souk.payments.provider import installed
from souk.payments.transactions import record, sums_of
from souk.payments.values import RefundResult

STALE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """`restock` puts sent units back on the shelf; units that were not sent stay there in any case.

    Units that still wait to be sent are given up first.
    """

    order_line_id: int
    quantity: int
    restock: bool = False


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """`status` stays `pending` while the provider does not answer; the sweep carries on."""

    id: int
    status: str


def refund_order(  # noqa: PLR0917 - every part of a refund is named by its caller
    scope: Scope,
    order_id: int,
    amount: int,
    lines: Sequence[RefundLine],
    reason: str,
    actor: str,
    idempotency_key: str,
) -> RefundOutcome:
    """Give `amount` (minor units) back, at most what was captured and not refunded yet.

    Call it outside any transaction.
    The same `idempotency_key` returns the first refund and moves nothing again.

    Raises:
        UnknownOrder, RefundTooLarge, RefundNeedsReason, CannotRefundLine: nothing was changed.
        RefundRefused: the provider said no; the refused refund is on record.

    """
    with transaction(scope) as session:
        refund_id = grant(session, order_id, amount, lines, reason=reason, actor=actor, idempotency_key=idempotency_key)
    return move(scope, refund_id)


def grant(
    session: Session,
    order_id: int,
    amount: int,
    lines: Sequence[RefundLine],
    *,
    reason: str,
    actor: str,
    idempotency_key: str,
) -> int:
    """Write that a refund is due and return its id; no money has moved yet."""
    order = lock_order(session, order_id)
    known = session.execute(select(Refund.id).where(Refund.idempotency_key == idempotency_key)).scalar_one_or_none()
    if known is not None:
        return known
    if not reason.strip():
        raise RefundNeedsReason
    left = refundable(session, order_id)
    if not 0 < amount <= left:
        raise RefundTooLarge(amount, left, order.currency)
    available = lines_for_change(session, order_id)
    for line in lines:
        known_line = available.get(line.order_line_id)
        if known_line is None or not 0 < line.quantity <= known_line.quantity - known_line.refunded_quantity:
            raise CannotRefundLine(line.order_line_id)
    row = insert(Refund).values(
        order_id=order_id,
        amount=amount,
        card_amount=_card_part(session, order_id, amount),
        reason=reason.strip(),
        idempotency_key=idempotency_key,
        lines=[asdict(line) for line in lines],
        actor=actor,
    )
    refund_id = session.execute(row.returning(Refund.id)).scalar_one()
    note_event(session, order_id, "refund_granted", actor, refund_id=refund_id, amount=amount, reason=reason)
    return refund_id


def _card_part(session: Session, order_id: int, amount: int) -> int:
    """Return what the cards get of a refund: the provider gives back first what it took and has not returned."""
    sums = sums_of(session, order_id)
    if not sums.cards:
        return 0
    promised = session.execute(
        select(func.coalesce(func.sum(Refund.amount - Refund.card_amount), 0)).where(
            Refund.order_id == order_id, Refund.status.in_(["pending", "succeeded"])
        )
    ).scalar_one()
    return amount - min(amount, max(sums.captured - int(promised), 0))


def refundable(session: Session, order_id: int) -> int:
    """Return what can still be given back, in minor units: captured minus refunds that moved or are about to."""
    due = session.execute(
        select(func.coalesce(func.sum(Refund.amount), 0)).where(
            Refund.order_id == order_id, Refund.status.in_(["pending", "succeeded"])
        )
    ).scalar_one()
    sums = sums_of(session, order_id)
    return sums.captured + sums.cards - int(due)


def move(scope: Scope, refund_id: int) -> RefundOutcome:
    """Let the provider move the money of a granted refund; repeated, it moves nothing twice."""
    with transaction(scope) as session:
        refund = read_refund(session, refund_id)
        attempt = paid_attempt(session, refund.checkout_id)
        payment = payment_of(session, attempt) if attempt is not None else None
    if refund.status != "pending" or attempt is None or payment is None:
        return RefundOutcome(refund_id, refund.status)
    provider = installed(attempt.provider)
    refuse_inside_transaction(provider.name)
    key = refund_key(attempt.idempotency_key, refund_id)
    try:
        part = refund.amount - refund.card_amount
        result = provider.refund(payment, part, key) if part else RefundResult(succeeded=True)
    except ProviderUnreachable:
        return RefundOutcome(refund_id, "pending")
    if result.pending:
        return RefundOutcome(refund_id, "pending")
    with transaction(scope) as session:
        status = _settle(session, refund, attempt, result, key)
    if not result.succeeded:
        raise RefundRefused(result.error_code)
    return RefundOutcome(refund_id, status)


def refund_key(payment_key: str, refund_id: int) -> str:
    """Return the key under which the provider knows a refund."""
    return f"{payment_key}-refund-{refund_id}"


def sweep_refunds(scope: Scope) -> int:
    """Move the refunds that were granted and left behind; returns how many were tried."""
    with transaction(scope, read_only=True) as session:
        stale = select(Refund.id).where(Refund.status == "pending", Refund.created_at < clock.now() - STALE_AFTER)
        ids = session.execute(stale.order_by(Refund.id).limit(100)).scalars().all()
    for refund_id in ids:
        try:
            move(scope, refund_id)
        except RefundRefused:
            # It is on record and on the order's timeline; the others are due all the same.
            continue
    return len(ids)


def read_refund(session: Session, refund_id: int) -> Row[*tuple[Any, ...]]:
    return session.execute(
        select(
            Refund.id,
            Refund.order_id,
            Refund.status,
            Refund.amount,
            Refund.card_amount,
            Refund.lines,
            Refund.actor,
            Order.checkout_id,
        )
        .join(Order, Order.id == Refund.order_id)
        .where(Refund.id == refund_id)
    ).one()


def _settle(session: Session, refund: Any, attempt: Any, result: RefundResult, key: str) -> str:
    order = lock_order(session, refund.order_id)
    status = "succeeded" if result.succeeded else "failed"
    changed = session.execute(
        update(Refund).where(Refund.id == refund.id, Refund.status == "pending").values(status=status)
        .returning(Refund.id)
    ).first()  # fmt: skip
    if changed is None:
        return status
    _record(session, refund, attempt, result, key)
    if result.succeeded and refund.card_amount:
        give_back_to_cards(session, refund.order_id, refund.id, refund.card_amount, order.currency)
    note_event(session, order.id, f"refund_{status}", refund.actor, refund_id=refund.id, amount=refund.amount)
    told = {"order_id": order.id, "amount": refund.amount, "currency": order.currency}
    if not result.succeeded:
        publish(session, Event("refund.failed", refund.id, {**told, "error_code": result.error_code}))
        return status
    publish(session, Event("refund.succeeded", refund.id, told))
    moves = _take_back(session, refund)
    refresh_statuses(session, order.id)
    # Stock comes last: its rows are the ones that others wait for.
    for move_stock in moves:
        move_stock()
    return status


def _record(session: Session, refund: Any, attempt: Any, result: RefundResult, key: str) -> None:
    part = refund.amount - refund.card_amount
    if not part:
        return
    record(
        session,
        attempt,
        "refund",
        "success" if result.succeeded else "failure",
        amount=part,
        order_id=refund.order_id,
        refund_id=refund.id,
        idempotency_key=key,
        provider_reference=result.provider_reference,
        error_code=result.error_code,
    )


def _take_back(session: Session, refund: Any) -> list[Callable[[], None]]:
    """Count the refunded units, give up those that wait to be sent, and return what to do with the stock."""
    lines = {line["order_line_id"]: line for line in refund.lines}
    cause = Cause(refund.order_id, actor=refund.actor, reason="returned")
    unsent: dict[int, int] = {}
    back: dict[int, int] = {}
    rows = lines_for_change(session, refund.order_id)
    for line_id, row in rows.items():
        line = lines.get(line_id)
        if line is None:
            continue
        unsent[line_id] = min(line["quantity"], row.quantity - row.fulfilled_quantity - row.canceled_quantity)
        sent = min(line["quantity"] - unsent[line_id], row.fulfilled_quantity)
        back[line_id] = sent if line["restock"] else 0
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line_id)
            .values(
                refunded_quantity=OrderLine.refunded_quantity + line["quantity"],
                canceled_quantity=OrderLine.canceled_quantity + unsent[line_id],
            )
        )
    return _moves(session, cause, on_levels(rows, unsent), on_levels(rows, back))


def _moves(
    session: Session, cause: Cause, unsent: Mapping[int, int], back: Mapping[int, int]
) -> list[Callable[[], None]]:
    """Return the changes of levels in level order, which every transaction keeps."""
    given_up = replace(cause, reason="refunded")
    moves: list[Callable[[], None]] = []
    for level_id in sorted({*unsent, *back}):
        if level_id in unsent:
            moves.append(partial(deallocate, session, level_id, unsent[level_id], given_up, restock=True))
        if level_id in back:
            moves.append(partial(receive, session, level_id, back[level_id], cause))
    return moves
