"""Confirm an edit: the order, its taxes and its stock follow in one transaction; then only the difference moves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.answers import answered
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import Scope
from souk.orders.editing.apply import apply_plan, move_stock
from souk.orders.editing.begin import open_edit
from souk.orders.editing.errors import CannotEdit, NothingEdited, StaleEdit, TaxUnanswered, UnknownEdit
from souk.orders.editing.plan import EditPlan, plan_edit
from souk.orders.events import note_event
from souk.orders.locks import lock_order
from souk.orders.models import OrderChange
from souk.orders.refund import grant, move, refundable
from souk.orders.statuses import refresh_statuses
from souk.payments.errors import RefundRefused


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """Minor units: what is still to be collected, and what was granted to go back."""

    change_id: int
    to_collect: int
    returned: int


def confirm_edit(scope: Scope, order_id: int, version: int, actor: str) -> EditOutcome:
    """Make the open edit true, provided that the order is still the one of `version`. Call it outside any transaction.

    What the buyer paid too much goes back at once; what is missing is collected by a checkout of its own, whose link
    is in the mail.

    Raises:
        UnknownOrder, UnknownEdit, StaleEdit, CannotEdit, NothingEdited, BadEditLine, TaxUnanswered, OutOfStock:
            nothing was changed.

    """

    def confirmed() -> tuple[EditOutcome, int | None]:
        with transaction(scope) as session:
            return _confirm(session, order_id, version, actor)

    outcome, refund_id = answered(scope, confirmed)
    if refund_id is not None:
        try:
            move(scope, refund_id)
        except RefundRefused:
            # On record and on the timeline; the edit stands, and staff give the money back another way.
            return outcome
    return outcome


def _confirm(session: Session, order_id: int, version: int, actor: str) -> tuple[EditOutcome, int | None]:
    order = lock_order(session, order_id)
    edit = open_edit(session, order_id, lock=True)
    if edit is None:
        raise UnknownEdit
    if order.status != "open":
        raise CannotEdit(f"it is {order.status}")
    if version != order.version:
        raise StaleEdit(version, order.version)
    plan = plan_edit(session, order_id, edit.content)
    if not plan.changed:
        raise NothingEdited
    session.execute(
        update(OrderChange)
        .where(OrderChange.id == edit.id, OrderChange.status == "open")
        .values(status="closed", base_version=version, updated_at=clock.now())
    )
    return make_true(session, plan, edit.id, actor, edit.note)


def make_true(
    session: Session, plan: EditPlan, change_id: int, actor: str, note: str = ""
) -> tuple[EditOutcome, int | None]:
    """Write a plan and return what is to be collected, with the id of the refund that is to be moved.

    The order is locked by the caller; stock is moved last. Raises TaxUnanswered.
    """
    if plan.tax_unknown:
        raise TaxUnanswered
    levels = apply_plan(session, plan)
    refund_id = None
    returned = min(max(-plan.outstanding, 0), refundable(session, plan.order_id))
    if returned:
        refund_id = grant(
            session, plan.order_id, returned, [], reason="order edited", actor=actor,
            idempotency_key=f"edit-{change_id}", kind="edit",
        )  # fmt: skip
    refresh_statuses(session, plan.order_id)
    to_collect = max(plan.outstanding, 0)
    note_event(
        session, plan.order_id, "edited", actor, change_id=change_id, difference=plan.difference,
        changes=", ".join(f"{line.title} {line.before} → {line.after}" for line in plan.changed)[:500],
        **({"note": note} if note else {}),
    )  # fmt: skip
    told = {
        "change_id": change_id, "difference": plan.difference, "to_collect": to_collect, "returned": returned,
        "currency": plan.currency,
    }  # fmt: skip
    publish(session, Event("order.edited", plan.order_id, told))
    move_stock(session, plan, levels, actor)
    return EditOutcome(change_id, to_collect, returned), refund_id
