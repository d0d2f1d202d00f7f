"""A payment provider sent a message: keep it once, and ask the provider what is true.

Nothing of a message is believed but which payment it is about, so it may come late, twice or in any order.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.checkout.complete import resume_checkout
from souk.checkout.conclude import conclude
from souk.checkout.finalize import Surplus
from souk.checkout.queries import order_of, token_of_checkout
from souk.inventory.errors import OutOfStock
from souk.kernel.db import refuse_inside_transaction, scope_of, transaction
from souk.kernel.events import Event
from souk.kernel.models import ProviderEvent
from souk.kernel.outbox import Job, once, publish
from souk.kernel.tenancy import Scope
from souk.orders.dispute import refresh_disputes
from souk.orders.recheck_refund import recheck_refund
from souk.orders.reconcile import reconcile
from souk.payments.attempts import attempt_by_key, payment_of
from souk.payments.errors import PaymentDeclined
from souk.payments.provider import account_of, installed, keep_learned
from souk.payments.values import SECURED, Notice

NAME = "payment messages"


def take_notice(session: Session, provider: str, notice: Notice) -> bool:
    """Keep a message and have it worked on after the commit; False when it came before."""
    kept = insert(ProviderEvent).values(
        tenant_id=scope_of(session).tenant_id,
        provider=provider,
        event_id=notice.event_id,
        type=notice.type,
        payload={"kind": notice.kind, "key": notice.key},
    )
    if session.execute(kept.on_conflict_do_nothing().returning(ProviderEvent.id)).first() is None:
        return False
    if notice.kind != "other" and notice.key:
        publish(session, Event("payment.notified", 0, {"provider": provider, "kind": notice.kind, "key": notice.key}))
    return True


def consume(job: Job) -> None:
    """Work on a message; raises while the provider is silent, so that the delivery is repeated."""
    kind, key = str(job.event.payload["kind"]), str(job.event.payload["key"])
    if kind == "account":
        _account_changed(job.scope, str(job.event.payload["provider"]))
    elif kind == "refund":
        recheck_refund(job.scope, key)
    else:
        with transaction(job.scope, read_only=True) as session:
            attempt = attempt_by_key(session, key)
        if attempt is not None:
            _payment_changed(job.scope, attempt, disputed=kind == "dispute")
    with once(job):
        return


def _account_changed(scope: Scope, provider: str) -> None:
    """Ask what the shop's account may do by now; whoever is no longer paid there is not offered it either."""
    connection = installed(provider).connection()
    if connection is None:
        return
    with transaction(scope, read_only=True) as session:
        account = account_of(session, provider)
    refuse_inside_transaction(provider)
    learned = connection.learn(account)
    with transaction(scope) as session:
        keep_learned(session, provider, learned)


def _payment_changed(scope: Scope, attempt: Any, *, disputed: bool) -> None:
    with transaction(scope, read_only=True) as session:
        order = order_of(session, attempt.checkout_id)
        token = token_of_checkout(session, attempt.checkout_id)
    if attempt.status in {"pending", "requires_action"}:
        _resume(scope, token)
    elif attempt.status in {"failed", "canceled"}:
        _late_money(scope, attempt)
    elif order is not None:
        reconcile(scope, order[0])
        if disputed:
            refresh_disputes(scope, order[0])


def _resume(scope: Scope, token: str) -> None:
    try:
        resume_checkout(scope, token)
    except (PaymentDeclined, OutOfStock):
        # The checkout is open again, and money that no order can take went back.
        return


def _late_money(scope: Scope, attempt: Any) -> None:
    """Find an order for money that came after we had given the attempt up, or give it back."""
    with transaction(scope, read_only=True) as session:
        payment = payment_of(session, attempt)
    refuse_inside_transaction(attempt.provider)
    result = installed(attempt.provider).status(payment)
    if result is None or result.status not in SECURED or (result.refunded or 0) >= payment.amount:
        return
    try:
        conclude(scope, attempt.id, result)
    except (OutOfStock, Surplus):
        return
