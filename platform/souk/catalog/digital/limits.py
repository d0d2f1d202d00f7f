"""How often and for how many days a bought file can be downloaded: the shop's rule, and a product's own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.catalog.digital.errors import BadDownloadLimit
from souk.catalog.errors import ProductMissing
from souk.catalog.models import Product
from souk.kernel.settings import read_setting, write_setting

GROUP = "downloads"
MOST_TIMES = 1_000
MOST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Limits:
    """`times` for each unit that was bought, `days` from the payment."""

    times: int
    days: int


USUAL = Limits(times=5, days=30)


def shop_limits(session: Session) -> Limits:
    """Return what holds for products that say nothing."""
    stored = read_setting(session, GROUP)
    return Limits(int(stored.get("times", USUAL.times)), int(stored.get("days", USUAL.days)))


def set_shop_limits(session: Session, limits: Limits) -> None:
    """Orders that are paid keep theirs; raises BadDownloadLimit."""
    _check(limits.times, limits.days)
    write_setting(session, GROUP, {"times": limits.times, "days": limits.days})


def set_product_limits(session: Session, product_id: int, times: int | None, days: int | None) -> None:
    """Give a product limits of its own, None for the shop's; raises ProductMissing, BadDownloadLimit."""
    _check(times, days)
    changed = update(Product).where(Product.id == product_id).values(download_times=times, download_days=days)
    if session.execute(changed.returning(Product.id)).first() is None:
        raise ProductMissing


def product_limits(session: Session, product_id: int) -> tuple[int | None, int | None]:
    """Return (times, days) of the product's own; raises ProductMissing."""
    row = session.execute(select(Product.download_times, Product.download_days).where(Product.id == product_id)).first()
    if row is None:
        raise ProductMissing
    return row.download_times, row.download_days


def _check(times: int | None, days: int | None) -> None:
    if times is not None and not 0 < times <= MOST_TIMES:
        raise BadDownloadLimit("times", MOST_TIMES)
    if days is not None and not 0 < days <= MOST_DAYS:
        raise BadDownloadLimit("days", MOST_DAYS)
