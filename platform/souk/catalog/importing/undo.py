"""Take an import back: what it made goes, what it changed becomes what it was. All of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, delete, select, text, update
from sqlalchemy.orm import Session

from souk.catalog.bundles.models import BundleComponent
from souk.catalog.importing.claim import hold
from souk.catalog.importing.errors import UndoRefused
from souk.catalog.importing.models import ImportJob, ImportRow
from souk.catalog.importing.snapshot import read_states
from souk.catalog.importing.state import ProductState, digest, from_json
from souk.catalog.importing.write import Categories, Change, write_changes
from souk.catalog.models import Product, Variant
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope

BATCH = 250
TIMEOUT_MS = 60_000
NAMED = 5
_JOURNAL: tuple[Any, ...] = (
    ImportRow.number, ImportRow.handle, ImportRow.action, ImportRow.product_id, ImportRow.before, ImportRow.digest,
)  # fmt: skip
_NEEDED = text("""
SELECT DISTINCT part.product_id
FROM bundle_components b
JOIN variants part ON part.id = b.component_id
JOIN variants bundle ON bundle.id = b.bundle_id
WHERE part.product_id = ANY(:ids) AND NOT EXISTS (
  SELECT 1 FROM import_rows r WHERE r.job_id = :job_id AND r.written AND r.product_id = bundle.product_id
)
""")


def run_undo(scope: TenantScope, job: Row[Any], runner: str) -> None:
    """Undo a claimed job from its last product to its first; when something newer stands there, nothing is undone."""
    if not job.heartbeat_at:
        # The first runner looks before anything is touched; one that takes over goes on.
        touched = [row.handle for rows in _journal(scope, job.id) for row in _touched(scope, job.id, rows)]
        if touched:
            _end(scope, job, runner, "applied", UndoRefused(job.id, touched[:NAMED], len(touched)).detail)
            return
    categories: Categories = {}
    kept: list[str] = []
    while True:
        with transaction(scope, timeout_ms=TIMEOUT_MS) as session:
            hold(session, job.id, runner, "undoing")
            rows = _rows(session, job.id)
            kept += _undo(session, job.id, rows, categories)
            session.execute(update(ImportJob).where(ImportJob.id == job.id).values(heartbeat_at=clock.now()))
        if not rows:
            break
    names = ", ".join(kept[:NAMED])
    error = (
        f"{len(kept)} products were changed while the import was undone and stay as they are: {names}." if kept else ""
    )
    _end(scope, job, runner, "undone", error)


def _journal(scope: TenantScope, job_id: int) -> Iterator[Sequence[Row[Any]]]:
    below: int | None = None
    while True:
        with transaction(scope, read_only=True) as session:
            rows = _rows(session, job_id, below)
        if not rows:
            return
        yield rows
        below = rows[-1].number


def _rows(session: Session, job_id: int, below: int | None = None) -> Sequence[Row[Any]]:
    query = select(*_JOURNAL).where(ImportRow.job_id == job_id, ImportRow.written)
    if below is not None:
        query = query.where(ImportRow.number < below)
    return session.execute(query.order_by(ImportRow.number.desc()).limit(BATCH)).all()


def _touched(scope: TenantScope, job_id: int, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    with transaction(scope, read_only=True, timeout_ms=TIMEOUT_MS) as session:
        states = read_states(session, [row.product_id for row in rows])
        needed = _needed(session, job_id, rows)
    return [row for row in rows if row.product_id in needed or not _as_left(row, states.get(row.product_id))]


def _needed(session: Session, job_id: int, rows: Sequence[Row[Any]]) -> set[int]:
    """Return which made products are parts of bundles that the import did not write."""
    made = [row.product_id for row in rows if row.action == "created"]
    return set(session.scalars(_NEEDED, {"ids": made, "job_id": job_id})) if made else set()


def _as_left(row: Row[Any], state: ProductState | None) -> bool:
    """Tell whether the product is still what the import made of it, and nobody waits for what was made."""
    if state is None:
        return False
    if row.action == "created" and any(variant.promised for variant in state.variants):
        return False
    return digest(state, with_stock=row.digest.startswith("stock:")) == str(row.digest)


def _undo(session: Session, job_id: int, rows: Sequence[Row[Any]], categories: Categories) -> list[str]:
    """Undo these rows but for those that somebody changed in this very moment; return their handles."""
    states = read_states(session, [row.product_id for row in rows], lock=True)
    needed = _needed(session, job_id, rows)
    kept = [row for row in rows if row.product_id in needed or not _as_left(row, states.get(row.product_id))]
    left = {row.number for row in kept}
    changed = [
        Change(states[row.product_id], _earlier(row, states[row.product_id]))
        for row in rows
        if row.action == "updated" and row.number not in left
    ]
    # First, so that a bundle which the import changed does not hold what it made.
    write_changes(session, changed, categories, reason=f"import {job_id} undone")
    _delete(session, [row.product_id for row in rows if row.action == "created" and row.number not in left])
    done = ImportRow.number.in_([row.number for row in rows])
    session.execute(update(ImportRow).where(ImportRow.job_id == job_id, done).values(written=False))
    return [row.handle for row in kept]


def _delete(session: Session, made: Sequence[int]) -> None:
    if not made:
        return
    # Bundles let go of their parts first: rows are deleted one by one, and a part may come before its bundle.
    variants = select(Variant.id).where(Variant.product_id.in_(made))
    session.execute(delete(BundleComponent).where(BundleComponent.bundle_id.in_(variants)))
    session.execute(delete(Product).where(Product.id.in_(made)))
    publish(session, Event("products.imported", 0, {"product_ids": sorted(made)}))


def _earlier(row: Row[Any], now: ProductState) -> ProductState:
    before = from_json(row.before)
    present = {variant.id: variant for variant in now.variants}
    with_stock = row.digest.startswith("stock:")
    variants = []
    for variant in before.variants:
        same = present.get(variant.id)
        if same is None:
            variants.append(variant)
            continue
        on_hand = variant.on_hand if with_stock else same.on_hand
        if on_hand is None and same.on_hand is not None:
            on_hand = 0  # a level that exists cannot be taken out of the ledger
        if on_hand is not None and variant.inventory_policy != "continue":
            on_hand = max(on_hand, same.promised)
        variants.append(
            replace(variant, on_hand=on_hand, promised=same.promised, hot=same.hot, in_bundle=same.in_bundle)
        )
    return replace(before, variants=variants)


def _end(scope: TenantScope, job: Row[Any], runner: str, status: str, error: str) -> None:
    with transaction(scope) as session:
        hold(session, job.id, runner, "undoing")
        values = {"status": status, "error": error, "runner": "", "finished_at": clock.now()}
        session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**values))
        publish(session, Event("import.finished", job.id, {"status": status}))
