"""Finish or let go of what was abandoned between any two phases."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.checkout.models import Checkout
from souk.checkout.prepare import ACTION_WINDOW, STALE_AFTER
from souk.checkout.settle import settle
from souk.inventory.release import release_expired
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope

BATCH = 100

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many checkouts became orders, are open or wait for their buyer, failed to settle; and holds given back."""

    finished: int
    unfinished: int
    failed: int
    released: int


def sweep_checkouts(scope: Scope) -> SweepReport:
    """Settle every stale checkout of one shop; run it about every minute, also twice at once."""
    counts = {"finished": 0, "unfinished": 0, "failed": 0}
    with transaction(scope) as session:
        stale = _stale(session)
        _expire(session)
    for token, give_up in stale:
        counts[_settle(scope, token, give_up=give_up)] += 1
    with transaction(scope) as session:
        released = release_expired(session)
    return SweepReport(**counts, released=released)


def _settle(scope: Scope, token: str, *, give_up: bool) -> str:
    try:
        done = settle(scope, token, give_up=give_up)
    except Exception:  # one silent provider must not keep the others' checkouts waiting
        log.exception("checkout_not_settled", tenant_id=scope.tenant_id)
        return "failed"
    return "finished" if done is not None else "unfinished"


def _stale(session: Session) -> list[tuple[str, bool]]:
    """Return (token, whether to give up): a buyer at an extra step has longer than a process that died."""
    now = clock.now()
    rows = session.execute(
        select(Checkout.token, Checkout.completing_at)
        .where(Checkout.status == "completing", Checkout.completing_at < now - STALE_AFTER)
        .order_by(Checkout.completing_at)
        .limit(BATCH)
    )
    return [(row.token, row.completing_at < now - ACTION_WINDOW) for row in rows]


def _expire(session: Session) -> None:
    session.execute(
        update(Checkout).where(Checkout.status == "open", Checkout.expires_at < clock.now()).values(status="expired")
    )
