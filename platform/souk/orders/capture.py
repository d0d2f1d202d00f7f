"""Take authorized money, whole or in parts: the wish is written first, then the provider moves it, then the fact."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.orders.locks import lock_order
from souk.orders.move_capture import Wish, move_capture, pending_captures
from souk.orders.void import void_order
from souk.payments.attempts import attempt, attempts_of_order, payment_of
from souk.payments.errors import AlreadyCaptured, CaptureTooLarge, NothingAuthorized
from souk.payments.models import PaymentTransaction
from souk.payments.transactions import record, sums_of_payment


@dataclass(frozen=True, slots=True)
class Authorized:
    """What one payment of an order still holds, in minor units; `left` leaves out what is asked for already."""

    attempt: Any
    capturable: int
    left: int


def capture_order(
    scope: Scope, order_id: int, amount: int | None, *, actor: str, idempotency_key: str, final: bool = False
) -> str:
    """Take `amount` (minor units; None: all that is left) of what is authorized; call it outside any transaction.

    An order may hold several authorizations: the oldest, which ends first, is taken first. `final` lets go of
    all that is left. Returns `succeeded`, or `pending` while a provider is silent and the sweep goes on.
    The same `idempotency_key` moves nothing again.

    Raises:
        UnknownOrder, NothingAuthorized, CaptureTooLarge: nothing was changed.
        CaptureRefused: the provider said no; the refusal is on record.

    """
    with transaction(scope) as session:
        wishes = _wishes(session, order_id, amount, actor, idempotency_key, final=final)
    answers = [move_capture(scope, wish) for wish in wishes]
    if "pending" in answers:
        return "pending"
    if final:
        # What its own capture has not ended: other authorizations of the order.
        with suppress(NothingAuthorized, AlreadyCaptured):
            return void_order(scope, order_id, actor)
    return "succeeded"


def _wishes(
    session: Session, order_id: int, amount: int | None, actor: str, idempotency_key: str, *, final: bool
) -> list[Wish]:
    """Return the captures to ask for; those that were answered before are left out."""
    order = lock_order(session, order_id)
    suffix = f"-capture-{sha256(idempotency_key.encode()).hexdigest()[:24]}"
    known = _known(session, order_id, suffix)
    if known:
        return [_again(session, order_id, row, actor) for row in known if row.status == "pending"]
    held = [_authorized(session, one) for one in attempts_of_order(session, order)]
    wishes = [
        Wish(order_id, one.attempt, payment_of(session, one.attempt), share, f"{one.attempt.idempotency_key}{suffix}",
             ends or share == one.left, actor)
        for one, share, ends in _spread(held, amount, order.currency, final=final)
    ]  # fmt: skip
    for wish in wishes:
        told = {"actor": actor, "final": wish.final}
        facts = {"order_id": order_id, "amount": wish.amount, "idempotency_key": wish.key, "details": told}
        record(session, wish.attempt, "capture", "pending", **facts)
    return wishes


def _known(session: Session, order_id: int, suffix: str) -> list[Any]:
    """Return the newest row of each capture that this key asked for before."""
    fact = PaymentTransaction
    rows = select(fact.idempotency_key, fact.session_id, fact.status, fact.amount, fact.details).where(
        fact.order_id == order_id, fact.kind == "capture", fact.idempotency_key.endswith(suffix)
    )
    newest = {row.idempotency_key: row for row in session.execute(rows.order_by(fact.id))}
    return list(newest.values())


def _again(session: Session, order_id: int, row: Any, actor: str) -> Wish:
    paid = attempt(session, row.session_id)
    payment, final = payment_of(session, paid), bool(row.details["final"])
    return Wish(order_id, paid, payment, row.amount, row.idempotency_key, final, actor)


def _authorized(session: Session, paid: Any) -> Authorized:
    capturable = sums_of_payment(session, paid.id).capturable
    return Authorized(paid, capturable, capturable - pending_captures(session, paid.id))


def _spread(
    held: Sequence[Authorized], amount: int | None, currency: str, *, final: bool
) -> list[tuple[Authorized, int, bool]]:
    """Return (authorization, what to take of it, whether its rest is let go) for each that gives something."""
    if not any(one.capturable for one in held):
        raise NothingAuthorized
    left = sum(one.left for one in held)
    wanted = left if amount is None else amount
    if not 0 < wanted <= left:
        raise CaptureTooLarge(wanted, left, currency)
    shares = []
    for one in held:
        share = min(wanted, one.left)
        wanted -= share
        if share:
            shares.append((one, share, final))
    return shares
