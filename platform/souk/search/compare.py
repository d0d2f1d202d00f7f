"""Compare the index with the shop and mend what differs: an event may be lost with the queue that held it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.differences import Comparison, differences
from souk.search.engine import SearchEngine
from souk.search.errors import SearchIndexMissing
from souk.search.index import mend_index, rebuild_index
from souk.search.models import SearchRun

# So many ids of a run are kept for the operator to look at.
KEPT_IDS = 100
EVERY = timedelta(hours=24)


def compare_if_due(engine: SearchEngine, scope: TenantScope) -> bool:
    """Compare and mend unless that was done within a day; a worker that starts anew must not begin with every shop."""
    newest = select(func.max(SearchRun.started_at)).where(SearchRun.kind == "comparison")
    with transaction(scope, read_only=True) as session:
        last = session.scalar(newest)
    if last is not None and clock.now() - last < EVERY:
        return False
    compare_index(engine, scope)
    return True


def compare_index(engine: SearchEngine, scope: TenantScope, *, mend: bool = True) -> Comparison:
    """Find products whose indexed version is not that of the database, and index them anew with `mend`.

    Raises SearchUnavailable. A missing index is built.
    """
    started = clock.now()
    try:
        found = differences(engine, scope)
    except SearchIndexMissing:
        if not mend:
            raise
        return Comparison(rebuild_index(engine, scope), [], [], [])
    if mend:
        mend_index(engine, scope, found)
        _note(scope, found, SearchRun(kind="comparison", started_at=started))
    return found


def _note(scope: TenantScope, found: Comparison, run: SearchRun) -> None:
    run.status = "mended" if found.differing else "equal"
    run.products, run.finished_at = found.products, clock.now()
    run.details = [{"product_id": id_} for id_ in found.differing[:KEPT_IDS]]
    with transaction(scope) as session:
        session.add(run)
