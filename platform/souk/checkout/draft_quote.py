"""Keep with a draft order what it cost when it was last saved: a list of drafts prices nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.checkout.draft_invoice import price_draft
from souk.checkout.models import Checkout
from souk.orders.draft import Priced
from souk.orders.drafting.save import read_draft
from souk.orders.models import DraftOrder

_LINE = ("variant_id", "title", "quantity", "unit_price", "price_trace")


def keep_quote(session: Session, draft_id: int) -> None:
    """Price the draft as it stands now and keep that with it; raises UnknownDraft, Unanswered."""
    draft = read_draft(session, draft_id)
    quote = quote_of(price_draft(session, draft.content, draft.currency))
    kept = update(DraftOrder).where(DraftOrder.id == draft_id).values(content={**draft.content, "quote": quote})
    session.execute(kept)


def quote_of(priced: Priced) -> dict[str, Any]:
    """Return {total, lines: [{variant_id, title, quantity, unit_price, price_trace}]}, amounts in minor units."""
    lines = [{name: getattr(line, name) for name in _LINE} for line in priced.lines]
    return {"total": priced.totals.total, "lines": lines}


def kept_quote(session: Session, draft: Any) -> Mapping[str, Any]:
    """Return what `keep_quote` kept with a draft's row; one that nobody has saved since there are quotes is priced."""
    quote: Mapping[str, Any] | None = draft.content.get("quote")
    return quote or quote_of(price_draft(session, draft.content, draft.currency))


def checkout_tokens(session: Session, drafts: Sequence[Any]) -> dict[int, str]:
    """Return draft id -> the secret of its checkout, for those that are invoiced."""
    invoiced = {draft.checkout_id: draft.id for draft in drafts if draft.status == "invoiced"}
    if not invoiced:
        return {}
    found = session.execute(select(Checkout.id, Checkout.token).where(Checkout.id.in_(invoiced)))
    return {invoiced[checkout_id]: token for checkout_id, token in found}
