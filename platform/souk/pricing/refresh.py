"""Keep with the shop's settings whether it has price lists: a shop without any asks nothing for them, ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.configuration import forget_configuration
from souk.kernel.db import transaction
from souk.kernel.models import Setting
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import Scope
from souk.pricing.models import PriceList


def refresh_lists(session: Session) -> None:
    """Write the settings that stand for the lists and tell the caches, whose pages show their prices."""
    # One after the other: of two changes at once the later must count what the earlier one wrote.
    session.execute(select(Setting.name).where(Setting.name == "shop").with_for_update())
    forget_configuration(session)
    now = clock.now()
    row = session.execute(
        select(
            func.count(),
            func.count().filter(PriceList.tags != []),
            func.min(PriceList.starts_at).filter(PriceList.starts_at > now),
            func.min(PriceList.ends_at).filter(PriceList.ends_at > now),
        ).where(PriceList.status == "active", or_(PriceList.ends_at.is_(None), PriceList.ends_at > now))
    ).one()
    change = min((moment for moment in row[2:] if moment is not None), default=None)
    told = {"lists": row[0] > 0, "groups": row[1] > 0, "changes_at": change.isoformat() if change else None}
    write_pricing(session, told)


def write_pricing(session: Session, told: dict[str, Any]) -> None:
    """Lay `told` over the pricing of the settings group `shop`."""
    shop = read_setting(session, "shop")
    write_setting(session, "shop", shop | {"pricing": shop.get("pricing", {}) | told})


def announce_lists(scope: Scope) -> int:
    """Tell the caches of one shop that a list has begun or ended by itself; returns 1 when one has."""
    with transaction(scope) as session:
        moment = read_setting(session, "shop").get("pricing", {}).get("changes_at")
        if not moment or datetime.fromisoformat(moment) > clock.now():
            return 0
        refresh_lists(session)
        return 1
