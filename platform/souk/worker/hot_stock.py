"""Keep the levels that sell by units: fold them every few seconds, heat those that buyers crowd at, cool the others.

A round through every shop of a pod each time would keep the database busy with shops that have no such level:
the quick round visits those that are known to have one, a slow one finds those that this process has not heard of.
"""

from __future__ import annotations

import structlog
from sqlalchemy import select

from souk.inventory.models import InventoryLevel
from souk.inventory.temperature import fold_or_cool, heat_if_crowded, hot_levels
from souk.kernel.db import transaction
from souk.kernel.outbox import Job, once
from souk.kernel.tenancy import TenantScope
from souk.worker.shops import shops_of

NAME = "hot stock"
FOLD_SECONDS = 2.0
FIND_SECONDS = 60.0

log = structlog.get_logger(__name__)

_known: set[TenantScope] = set()


def heat_contended(job: Job) -> None:
    """Consume `inventory.contended`: sell the level by units when a crowd and not an accident made buyers wait."""
    with once(job) as session:
        hot = heat_if_crowded(session, int(job.event.payload["level_id"]))
    if hot:
        _known.add(job.scope)


def find_hot_shops(pod_name: str) -> None:
    """Learn which shops of the pod have a hot level; every minute is enough, since a sale goes on without it."""
    hot = select(InventoryLevel.id).where(InventoryLevel.hot).limit(1)
    for scope in shops_of(pod_name):
        with transaction(scope, read_only=True) as session:
            if session.execute(hot).first():
                _known.add(scope)


def fold_hot_levels(scope: TenantScope) -> int:
    """Fold every hot level of a shop, and cool those without a crowd; returns how many are hot still."""
    with transaction(scope, read_only=True) as session:
        levels = hot_levels(session)
    hot = 0
    for level_id in levels:
        with transaction(scope) as session:
            hot += fold_or_cool(session, level_id)
    return hot


def fold_hot_shops(pod_name: str) -> None:
    """Fold the hot levels of the shops that are known to have some; a shop without any is forgotten."""
    for scope in [one for one in _known if one.pod == pod_name]:
        try:
            left = fold_hot_levels(scope)
        except Exception:  # the next shop's sale must go on whatever is wrong in this one
            log.exception("hot_levels_not_folded", tenant_id=scope.tenant_id)
            continue
        if not left:
            _known.discard(scope)
