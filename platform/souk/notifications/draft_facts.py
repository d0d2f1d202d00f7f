"""What the mail of a draft order tells."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.notifications.facts import DraftFacts, LineFacts, written
from souk.orders.goods import goods_for
from souk.orders.markets import draft_market
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
    wanted = {line["variant_id"]: line["quantity"] for line in content["lines"]}
    goods = goods_for(session, wanted, draft_market(session, content, row.currency))
    lines, total = [], int((content["shipping"] or {}).get("amount", 0))
    for line in content["lines"]:
        one = goods[line["variant_id"]].priced(line["unit_price"])
        amount = line["quantity"] * one.price
        total += amount
        title = written(amount, row.currency, locale)
        lines.append(LineFacts(one.title, one.variant_title, line["quantity"], title))
    return DraftFacts(content["email"], written(total, row.currency, locale), content["note"], tuple(lines))
