"""From how few units on stock counts as low: a number for the whole shop, and one for each level that differs."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.inventory.errors import BadQuantity
from souk.inventory.models import InventoryLevel
from souk.kernel.settings import read_setting, write_setting

GROUP = "stock"
MOST = 10_000_000


def default_threshold(session: Session) -> int | None:
    """Return the shop's threshold, None when low stock is not told."""
    found = read_setting(session, GROUP).get("low_stock_at")
    return None if found is None else int(found)


def set_default_threshold(session: Session, threshold: int | None) -> None:
    """Set the shop's threshold (None: never tell) for every level that followed the old one; raises BadQuantity."""
    _check(threshold)
    level, before = InventoryLevel, default_threshold(session)
    write_setting(session, GROUP, {**read_setting(session, GROUP), "low_stock_at": threshold})
    followed = level.low_stock_at.is_(None) if before is None else level.low_stock_at == before
    session.execute(update(level).where(followed).values(low_stock_at=threshold))


def set_threshold(session: Session, level_id: int, threshold: int | None) -> None:
    """Set the threshold of one level (None: never tell); raises BadQuantity. A level that is gone changes nothing."""
    _check(threshold)
    session.execute(update(InventoryLevel).where(InventoryLevel.id == level_id).values(low_stock_at=threshold))


def _check(threshold: int | None) -> None:
    if threshold is not None and not 0 <= threshold <= MOST:
        raise BadQuantity(0, MOST)
