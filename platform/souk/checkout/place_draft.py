"""Make a draft an order now, to be paid by another way."""

from __future__ import annotations

from souk.checkout.complete import complete_checkout
from souk.checkout.draft_invoice import checkout_token, invoice_draft
from souk.kernel.db import transaction
from souk.kernel.tenancy import Scope
from souk.orders.drafting.errors import DraftEnded
from souk.orders.drafting.save import read_draft


def place_draft(scope: Scope, draft_id: int) -> int:
    """Return the id of the order, which waits for its money; the draft's own checkout makes sure that there is one.

    Call it outside any transaction. Raises UnknownDraft, DraftEnded, and what stops a checkout, such as OutOfStock.
    """
    with transaction(scope) as session:
        draft = read_draft(session, draft_id)
        token = checkout_token(session, draft) if draft.status == "invoiced" else None
        token = token or invoice_draft(session, draft_id)
    placed = complete_checkout(scope, token, {"type": "manual"})
    if placed.order_id is None:
        raise DraftEnded(draft.status)
    return placed.order_id
