"""Issue documents by themselves where the shop wants it (setting `documents.automatic`)."""

from __future__ import annotations

from souk.kernel.events import Event
from souk.kernel.outbox import Job, once
from souk.kernel.settings import read_setting
from souk.orders.documents.errors import CannotIssue
from souk.orders.documents.issue import active_invoice, issue_credit_note, issue_invoice
from souk.orders.errors import UnknownOrder

NAME = "documents"
EVENTS = ("order.paid", "refund.succeeded")


def wanted(event: Event) -> bool:
    """Say whether there may be a paper to issue."""
    return bool(event.payload.get("documents", True))


def issue_automatically(job: Job) -> None:
    """Consume `order.paid` with an invoice, and `refund.succeeded` with a credit note to it."""
    with once(job) as session:
        if not read_setting(session, "documents").get("automatic"):
            return
        try:
            if job.event.name == "order.paid":
                issue_invoice(session, job.event.subject_id, "system")
            elif active_invoice(session, job.event.payload["order_id"]) is not None:
                issue_credit_note(session, job.event.payload["order_id"], job.event.subject_id, "system")
        except (CannotIssue, UnknownOrder):
            return  # an order below zero, or what an edit gave back, has none
