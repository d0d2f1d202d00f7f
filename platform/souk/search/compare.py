"""Compare the index with the shop and mend what differs: an event may be lost with the queue that held it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.search.documents import is_listed
from souk.search.engine import SearchEngine
from souk.search.errors import SearchIndexMissing
from souk.search.index import rebuild_index, update_index
from souk.search.models import SearchRun

BATCH = 2_000
LARGEST_ID = 2**63 - 1
# So many ids of a run are kept for the operator to look at.
KEPT_IDS = 100


@dataclass(slots=True)
class Comparison:
    """Product ids: `absent` from the index, `outdated` in it, and `surplus` because shoppers may not see them."""

    products: int
    absent: list[int]
    outdated: list[int]
    surplus: list[int]

    @property
    def differing(self) -> list[int]:
        return sorted([*self.absent, *self.outdated, *self.surplus])


def compare_index(engine: SearchEngine, scope: TenantScope, *, mend: bool = True) -> Comparison:
    """Find products whose indexed version is not that of the database, and index them anew with `mend`.

    Raises SearchUnavailable. A missing index is built.
    """
    started = clock.now()
    try:
        found = _compared(engine, scope)
    except SearchIndexMissing:
        if not mend:
            raise
        return Comparison(rebuild_index(engine, scope), [], [], [])
    if mend:
        for start in range(0, len(found.differing), BATCH):
            update_index(engine, scope, found.differing[start : start + BATCH])
        _note(scope, found, SearchRun(kind="comparison", started_at=started))
    return found


def _compared(engine: SearchEngine, scope: TenantScope) -> Comparison:
    found, last = Comparison(0, [], [], []), 0
    while last < LARGEST_ID:
        with transaction(scope, read_only=True) as session:
            listed = _listed_after(session, last)
        end = max(listed) if len(listed) == BATCH else LARGEST_ID
        indexed = engine.versions(scope.schema, last + 1, end)
        found.products += len(listed)
        found.absent += [id_ for id_ in listed if id_ not in indexed]
        found.outdated += [id_ for id_, version in listed.items() if id_ in indexed and indexed[id_] != version]
        found.surplus += [id_ for id_ in indexed if id_ not in listed]
        last = end
    return found


def _listed_after(session: Session, last: int) -> dict[int, int]:
    query = select(Product.id, Product.version).where(Product.id > last, is_listed()).order_by(Product.id).limit(BATCH)
    return {row.id: row.version for row in session.execute(query)}


def _note(scope: TenantScope, found: Comparison, run: SearchRun) -> None:
    run.status = "mended" if found.differing else "equal"
    run.products, run.finished_at = found.products, clock.now()
    run.details = [{"product_id": id_} for id_ in found.differing[:KEPT_IDS]]
    with transaction(scope) as session:
        session.add(run)
