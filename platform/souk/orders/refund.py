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
from souk.orders.errors import CannotRefundLine, CannotRefundShipping, RefundNeedsReason, RefundTooLarge
from souk.orders.events import note_event
from souk.orders.locks import lines_for_change, lock_order, on_levels
from souk.orders.models import Order, OrderLine, Refund
from souk.orders.refund_parts import plan_parts
from souk.orders.statuses import refresh_statuses
from souk.orders.worth import shipping_left, value_of, waiting_units
from souk.payments.attempts import attempt, paid_attempt, payment_of
from souk.payments.errors import ProviderUnreachable, RefundRefused
from souk.payments.gift_cards.give_back import give_back_to_cards
from souk.payments.paid_parts import record_external
from souk.payments.provider import installed
from souk.payments.transactions import record, sums_of
from souk.payments.values import Payment, RefundResult

STALE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class RefundLine:
    """`restock` puts sent units back on the shelf; units that were not sent stay there in any case.

    Units that still wait to be sent are given up first, unless the line is about `sent` units that came back.
    """

    order_line_id: int
    quantity: int
    restock: bool = False
    sent: bool = False


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """`status` stays `pending` while the provider does not answer; the sweep carries on."""

    id: int
    status: str


@dataclass(frozen=True, slots=True)
class RefundPart:
    """A share of a refund that one payment gives back; `attempt` is None for money that was paid elsewhere."""

    attempt: Row[Any] | None
    payment: Payment | None
    amount: int
    key: str


def refund_order(  # noqa: PLR0917 - every part of a refund is named by its caller
    scope: Scope,
    order_id: int,
    amount: int | None,
    lines: Sequence[RefundLine],
    reason: str,
    actor: str,
    idempotency_key: str,
    *,
    shipping: int = 0,
) -> RefundOutcome:
    """Give `amount` (minor units) back, at most what was captured and not refunded yet; `shipping` of it for the
    delivery. None gives back what the units of `lines` cost, with that shipping.

    Call it outside any transaction.
    The same `idempotency_key` returns the first refund and moves nothing again.

    Raises:
        UnknownOrder, RefundTooLarge, RefundNeedsReason, CannotRefundLine, CannotRefundShipping: nothing was changed.
        RefundRefused: the provider said no; the refused refund is on record.

    """
    with transaction(scope) as session:
        refund_id = grant(
            session,
            order_id,
            amount,
            lines,
            reason=reason,
            actor=actor,
            idempotency_key=idempotency_key,
            shipping=shipping,
        )
    return move(scope, refund_id)


def grant(
    session: Session,
    order_id: int,
    amount: int | None,
    lines: Sequence[RefundLine],
    *,
    reason: str,
    actor: str,
    idempotency_key: str,
    kind: str = "refund",
    shipping: int = 0,
) -> int:
    """Write that a refund is due, and from which payments, and return its id; no money has moved yet."""
    order = lock_order(session, order_id)
    known = session.execute(select(Refund.id).where(Refund.idempotency_key == idempotency_key)).scalar_one_or_none()
    if known is not None:
        return known
    if not reason.strip():
        raise RefundNeedsReason
    _refuse_lines(session, order_id, lines)
    left = refundable(session, order_id)
    if amount is None:
        units = {line.order_line_id: line.quantity for line in lines}
        # What was given back out of kindness before is not given back twice.
        amount = min(value_of(session, order_id, units) + shipping, left)
    if not 0 < amount <= left:
        raise RefundTooLarge(amount, left, order.currency)
    if shipping and not 0 < shipping <= min(delivery := shipping_left(session, order_id), amount):
        raise CannotRefundShipping(delivery, order.currency)
    by_card = _card_part(session, order_id, amount)
    row = insert(Refund).values(
        order_id=order_id,
        kind=kind,
        amount=amount,
        shipping_amount=shipping,
        card_amount=by_card,
        parts=plan_parts(session, order_id, amount - by_card),
        reason=reason.strip(),
        idempotency_key=idempotency_key,
        lines=[asdict(line) for line in lines],
        actor=actor,
    )
    refund_id = session.execute(row.returning(Refund.id)).scalar_one()
    note_event(session, order_id, "refund_granted", actor, refund_id=refund_id, amount=amount, reason=reason)
    return refund_id


def _refuse_lines(session: Session, order_id: int, lines: Sequence[RefundLine]) -> None:
    available, waiting = lines_for_change(session, order_id), waiting_units(session, order_id)
    for line in lines:
        known = available.get(line.order_line_id)
        # A refund that waits for its provider has its units already: a second one would pay for them again.
        taken = waiting[line.order_line_id]
        if known is None or not 0 < line.quantity <= known.quantity - known.refunded_quantity - taken:
            raise CannotRefundLine(f"“{known.title}”" if known else f"Line {line.order_line_id}")


def _card_part(session: Session, order_id: int, amount: int) -> int:
    """Return what the cards get of a refund: the provider gives back first what it took and has not returned."""
    sums = sums_of(session, order_id)
    if not sums.cards:
        return 0
    promised = session.execute(
        select(func.coalesce(func.sum(Refund.amount - Refund.card_amount), 0)).where(
            Refund.order_id == order_id, Refund.kind != "exchange", Refund.status.in_(["pending", "succeeded"])
        )
    ).scalar_one()
    return amount - min(amount, max(sums.captured - int(promised), 0))


def refundable(session: Session, order_id: int) -> int:
    """Return what can still be given back, in minor units: captured minus refunds that moved or are about to."""
    due = session.execute(
        select(func.coalesce(func.sum(Refund.amount), 0)).where(
            Refund.order_id == order_id, Refund.kind != "exchange", Refund.status.in_(["pending", "succeeded"])
        )
    ).scalar_one()
    sums = sums_of(session, order_id)
    return sums.captured + sums.cards - int(due)


def move(scope: Scope, refund_id: int) -> RefundOutcome:
    """Let the providers move the money of a granted refund; repeated, it moves nothing twice."""
    with transaction(scope) as session:
        refund = read_refund(session, refund_id)
        parts = refund_parts(session, refund)
    if refund.status != "pending" or (not parts and refund.amount != refund.card_amount):
        return RefundOutcome(refund_id, refund.status)
    try:
        answers = [(part, ask_part(part)) for part in parts]
    except ProviderUnreachable:
        return RefundOutcome(refund_id, "pending")
    if any(answer.pending for _, answer in answers):
        return RefundOutcome(refund_id, "pending")
    with transaction(scope) as session:
        status = _settle(session, refund, answers)
    refused = next((answer.error_code for _, answer in answers if not answer.succeeded), None)
    if refused is not None:
        raise RefundRefused(refused)
    return RefundOutcome(refund_id, status)


def refund_key(payment_key: str, refund_id: int) -> str:
    """Return the key under which the provider knows a refund."""
    return f"{payment_key}-refund-{refund_id}"


def ask_part(part: RefundPart) -> RefundResult:
    """Let a provider move one part; call it outside any transaction. The same part moves once."""
    if part.attempt is None or part.payment is None:
        return RefundResult(succeeded=True)  # it was paid elsewhere and goes back there
    provider = installed(part.attempt.provider)
    refuse_inside_transaction(provider.name)
    return provider.refund(part.payment, part.amount, part.key)


def refund_parts(session: Session, refund: Any) -> list[RefundPart]:
    """Return which payments give a refund back; one that was granted before parts were written has one."""
    if not refund.parts:
        paid = paid_attempt(session, refund.checkout_id)
        rest = refund.amount - refund.card_amount
        known = [] if paid is None or not rest else [{"session_id": paid.id, "amount": rest}]
    else:
        known = refund.parts
    found = []
    for part in known:
        paid = None if part["session_id"] is None else attempt(session, part["session_id"])
        key = refund_key(paid.idempotency_key if paid is not None else "external", refund.id)
        payment = payment_of(session, paid) if paid is not None else None
        found.append(RefundPart(paid, payment, part["amount"], key))
    return found


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
            Refund.id, Refund.order_id, Refund.status, Refund.kind, Refund.amount, Refund.card_amount, Refund.parts,
            Refund.lines, Refund.actor, Order.checkout_id, Order.currency,
        )
        .join(Order, Order.id == Refund.order_id)
        .where(Refund.id == refund_id)
    ).one()  # fmt: skip


def _settle(session: Session, refund: Any, answers: Sequence[tuple[RefundPart, RefundResult]]) -> str:
    order = lock_order(session, refund.order_id)
    # Where one of several payments refuses, what the others gave back is the refund.
    moved = sum(part.amount for part, answer in answers if answer.succeeded)
    status = "succeeded" if moved or not answers else "failed"
    moved += refund.card_amount if status == "succeeded" else 0
    changed = session.execute(
        update(Refund)
        .where(Refund.id == refund.id, Refund.status == "pending")
        # A part that was refused can be asked for again: it is no longer planned for.
        .values(
            status=status,
            amount=moved or refund.amount,
            shipping_amount=func.least(Refund.shipping_amount, moved or refund.amount),
            parts=_moved_parts(refund, answers),
        )
        .returning(Refund.id)
    ).first()
    if changed is None:
        return status
    for part, answer in answers:
        record_part(session, refund, part, answer)
    if status == "succeeded" and refund.card_amount:
        give_back_to_cards(session, refund.order_id, refund.id, refund.card_amount, order.currency)
    note_event(session, order.id, f"refund_{status}", refund.actor, refund_id=refund.id, amount=moved or refund.amount)
    told = {"order_id": order.id, "amount": moved or refund.amount, "currency": order.currency}
    for part, answer in answers:
        if not answer.succeeded:
            lost = {**told, "amount": part.amount, "error_code": answer.error_code}
            publish(session, Event("refund.failed", refund.id, lost))
    if not moved:
        return status
    publish(session, Event("refund.succeeded", refund.id, told))
    moves = _take_back(session, refund)
    refresh_statuses(session, order.id)
    # Stock comes last: its rows are the ones that others wait for.
    for move_stock in moves:
        move_stock()
    return status


def _moved_parts(refund: Any, answers: Sequence[tuple[RefundPart, RefundResult]]) -> list[dict[str, Any]]:
    if not any(answer.succeeded for _, answer in answers):
        return list(refund.parts)
    # A refund without planned parts has one answer all the same.
    return [planned for planned, (_, answer) in zip(refund.parts, answers, strict=False) if answer.succeeded]


def record_part(session: Session, refund: Any, part: RefundPart, answer: RefundResult) -> None:
    """Write how one part of a refund ended."""
    facts = {"amount": part.amount, "refund_id": refund.id}
    if part.attempt is None:
        record_external(session, refund.order_id, "refund", part.key, currency=refund.currency, **facts)
        return
    record(
        session,
        part.attempt,
        "refund",
        "success" if answer.succeeded else "failure",
        order_id=refund.order_id,
        idempotency_key=part.key,
        provider_reference=answer.provider_reference,
        error_code=answer.error_code,
        **facts,
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
        waiting = 0 if line.get("sent") else row.quantity - row.fulfilled_quantity - row.canceled_quantity
        # Goods that came back meanwhile, before the money went, were put away then.
        fresh = min(line["quantity"], row.quantity - row.refunded_quantity)
        unsent[line_id] = min(fresh, waiting)
        sent = min(fresh - unsent[line_id], row.fulfilled_quantity)
        back[line_id] = sent if line["restock"] else 0
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line_id)
            .values(
                refunded_quantity=func.least(OrderLine.quantity, OrderLine.refunded_quantity + line["quantity"]),
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
