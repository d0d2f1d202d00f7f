"""What the mail of a draft order tells."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.notifications.facts import DraftFacts, LineFacts, written
from souk.orders.goods import goods_of
from souk.orders.models import DraftOrder


def draft_facts(session: Session, draft_id: int, locale: str) -> DraftFacts | None:
    """Return what a draft's mail tells; None when it is gone or has no address to write to.

    The total is that of goods and fixed shipping before tax that is added: the checkout shows the whole.
    """
    found = select(DraftOrder.content, DraftOrder.currency, DraftOrder.status).where(DraftOrder.id == draft_id)
    row = session.execute(found).first()
    if row is None or not row.content["email"] or row.status != "invoiced":
        return None
    content = row.content
    goods = goods_of(session, [line["variant_id"] for line in content["lines"]])
    lines, total = [], int((content["shipping"] or {}).get("amount", 0))
    for line in content["lines"]:
        one = goods[line["variant_id"]]
        amount = line["quantity"] * (one.price if line["unit_price"] is None else line["unit_price"])
        total += amount
        title = written(amount, row.currency, locale)
        lines.append(LineFacts(one.title, one.variant_title, line["quantity"], title))
    return DraftFacts(content["email"], written(total, row.currency, locale), content["note"], tuple(lines))
