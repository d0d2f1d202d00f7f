"""Tell the staff by mail which levels fell to their threshold: one digest for many, each crossing once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from souk.catalog.models import Product, Variant
from souk.inventory.errors import BadRecipients
from souk.inventory.models import InventoryLevel, Location
from souk.inventory.state import FREE_UNITS
from souk.inventory.threshold import GROUP
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.email_address import normalize_email
from souk.kernel.errors import Invalid
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once, publish
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.kernel.tokens import hash_token, new_token

# A sale lowers many levels within minutes: they are told together.
GATHER = timedelta(minutes=5)
MOST_LINES = 100
MOST_RECIPIENTS = 10
_AVAILABLE = InventoryLevel.on_hand - InventoryLevel.committed - InventoryLevel.reserved + FREE_UNITS


@dataclass(frozen=True, slots=True)
class Notice:
    """Whether a digest is mailed, and to whom."""

    on: bool
    recipients: tuple[str, ...]


def low_stock_notice(session: Session) -> Notice:
    stored = read_setting(session, GROUP)
    return Notice(bool(stored.get("mail_low")), tuple(stored.get("mail_low_to", ())))


def set_low_stock_notice(session: Session, *, on: bool, recipients: str) -> None:
    """Switch the mail on or off; `recipients` are addresses apart by commas. Raises BadRecipients."""
    typed = dict.fromkeys(one.strip() for one in recipients.split(",") if one.strip())
    try:
        addresses = [normalize_email(one) for one in typed]
    except Invalid:
        raise BadRecipients(MOST_RECIPIENTS) from None
    if len(addresses) > MOST_RECIPIENTS or (on and not addresses):
        raise BadRecipients(MOST_RECIPIENTS)
    changed = {"mail_low": on, "mail_low_to": addresses}
    write_setting(session, GROUP, read_setting(session, GROUP) | changed)
    if not on:
        # Switched on again months later, it must not tell of what was low today.
        session.execute(update(InventoryLevel).where(InventoryLevel.low_since.is_not(None)).values(low_since=None))


def note_low(job: Job) -> None:
    """Consume `inventory.low`: keep the crossing for the next digest, where the shop wants one."""
    level_id = job.event.payload.get("level_id")
    with once(job) as session:
        if level_id is not None and low_stock_notice(session).on:
            level = update(InventoryLevel).where(InventoryLevel.id == level_id, InventoryLevel.low_since.is_(None))
            session.execute(level.values(low_since=clock.now()))


def publish_digest(scope: TenantScope) -> int:
    """Publish `inventory.low_digest` for each recipient when crossings have waited long enough; returns how many
    levels it tells of.

    The crossings are taken and the events written in one transaction: each is told once however often this runs.
    What has been filled up meanwhile is left out.
    """
    with transaction(scope) as session:
        first = session.scalar(select(func.min(InventoryLevel.low_since)).where(InventoryLevel.low_since.is_not(None)))
        if first is None or first > clock.now() - GATHER:
            return 0
        taken = update(InventoryLevel).where(InventoryLevel.low_since.is_not(None)).values(low_since=None)
        ids = session.scalars(taken.returning(InventoryLevel.id)).all()
        lines = _still_low(session, ids)
        notice = low_stock_notice(session)
        if not lines or not notice.on:
            return 0
        told = {"lines": lines[:MOST_LINES], "more": max(len(lines) - MOST_LINES, 0)}
        for address in notice.recipients:
            # The digest names its mail, so that a repeated delivery finds the one that was sent.
            digest = hash_token(new_token())[:32]
            publish(session, Event("inventory.low_digest", 0, {"digest": digest, "to": address, **told}))
    return len(lines)


def _still_low(session: Session, level_ids: Any) -> list[dict[str, Any]]:
    level = InventoryLevel
    rows = session.execute(
        select(Product.title, Variant.title, Variant.sku, Location.name, func.greatest(_AVAILABLE, 0), level.variant_id)
        .select_from(level)
        .join(Variant, Variant.id == level.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Location, Location.id == level.location_id)
        .where(level.id.in_(level_ids), level.low_stock_at >= _AVAILABLE)
        .order_by(_AVAILABLE, Product.title, level.id)
    )
    return [
        {"title": title, "variant": variant, "sku": sku, "location": place, "available": free, "variant_id": variant_id}
        for title, variant, sku, place, free, variant_id in rows
    ]
