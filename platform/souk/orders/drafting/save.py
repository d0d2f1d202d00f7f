"""Write what staff put into a draft order, and find drafts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from souk.inventory.pickup import pickup_place
from souk.kernel import clock
from souk.kernel.email_address import normalize_email
from souk.orders.drafting.errors import BadDraft, DraftEnded, UnknownDraft
from souk.orders.goods import goods_of
from souk.orders.models import DraftOrder

MOST_LINES = 250
MOST_UNITS = 10_000
MOST_PRICE = 10**13
EMPTY: Mapping[str, Any] = {
    "lines": [], "email": "", "shipping_address": {}, "shipping": None, "note": "", "tags": [],
    "pickup": None,
}  # fmt: skip


def create_draft(session: Session, currency: str, actor: str, content: Mapping[str, Any] = EMPTY) -> int:
    """Make a draft and return its id; nothing is held or sent. Raises BadDraft, BadEmail, UnknownGoods."""
    now = clock.now()
    row = insert(DraftOrder).values(
        currency=currency, content=clean(session, content), actor=actor, created_at=now, updated_at=now
    )
    return int(session.execute(row.returning(DraftOrder.id)).scalar_one())


def write_draft(session: Session, draft_id: int, content: Mapping[str, Any]) -> None:
    """Replace what an open draft holds; an invoiced one is opened again by its caller first.

    Raises:
        UnknownDraft, DraftEnded, BadDraft, BadEmail, UnknownGoods: nothing was changed.

    """
    draft = read_draft(session, draft_id, lock=True)
    if draft.status != "open":
        raise DraftEnded(draft.status)
    session.execute(
        update(DraftOrder)
        .where(DraftOrder.id == draft_id)
        .values(content=clean(session, content), updated_at=clock.now())
    )


def clean(session: Session, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a draft's content with each variant once and all amounts in range."""
    lines: dict[int, dict[str, Any]] = {}
    for line in content.get("lines", ()):
        price, units = line.get("unit_price"), line["quantity"]
        if not 0 < units <= MOST_UNITS:
            raise BadDraft(f"A quantity is a whole number from 1 to {MOST_UNITS:,}.")
        if price is not None and not 0 <= price <= MOST_PRICE:
            raise BadDraft("A price is not below zero.")
        lines[line["variant_id"]] = {"variant_id": line["variant_id"], "quantity": units, "unit_price": price}
    if len(lines) > MOST_LINES:
        raise BadDraft(f"A draft has at most {MOST_LINES} lines.")
    if lines:
        goods_of(session, lines)
    email, shipping = str(content.get("email", "")).strip(), content.get("shipping")
    if shipping is not None and not 0 <= shipping["amount"] <= MOST_PRICE:
        raise BadDraft("Shipping costs nothing or more.")
    pickup = content.get("pickup")
    if pickup is not None and pickup_place(session, pickup) is None:
        raise BadDraft("Nothing can be picked up at this place any more; choose another one, or have it sent.")
    return {
        "pickup": pickup,
        "lines": list(lines.values()),
        "email": normalize_email(email) if email else "",
        "shipping_address": dict(content.get("shipping_address") or {}),
        "shipping": None if shipping is None else {"title": str(shipping["title"])[:100], "amount": shipping["amount"]},
        "note": str(content.get("note", ""))[:2_000],
        "tags": [str(tag).strip()[:40] for tag in content.get("tags", ()) if str(tag).strip()][:50],
    }


def read_draft(session: Session, draft_id: int, *, lock: bool = False) -> Row[Any]:
    """Return a draft with all columns; raises UnknownDraft."""
    found = select(*DraftOrder.__table__.c).where(DraftOrder.id == draft_id)
    row = session.execute(found.with_for_update() if lock else found).first()
    if row is None:
        raise UnknownDraft
    return row


def list_drafts(session: Session, *, page: int = 1, limit: int = 50) -> tuple[Sequence[Row[Any]], int]:
    """Return a page of drafts, the newest first, and how many there are."""
    newest = select(*DraftOrder.__table__.c).order_by(DraftOrder.id.desc()).limit(limit).offset((page - 1) * limit)
    return session.execute(newest).all(), session.execute(select(func.count(DraftOrder.id))).scalar_one()
