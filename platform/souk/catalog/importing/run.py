"""Run a job from where it stands to its end, batch by batch, so that a dead process costs one batch at most."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Row, delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from souk.catalog.bundles.errors import BundleInvalid
from souk.catalog.importing.batch import Plan, run_batch
from souk.catalog.importing.claim import claim, hold, new_runner
from souk.catalog.importing.detect import Shape
from souk.catalog.importing.errors import FileUnreadable, RowInvalid, RunnerLost
from souk.catalog.importing.grouping import Group, group_rows
from souk.catalog.importing.jobs import has_whole_products
from souk.catalog.importing.layout import Layout, layout_of
from souk.catalog.importing.lines import Text, read_rows
from souk.catalog.importing.models import ImportJob, ImportRow
from souk.catalog.importing.undo import run_undo
from souk.catalog.metafields.define import list_definitions
from souk.kernel import clock
from souk.kernel.db import DatabaseBusy, transaction
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope
from souk.media.parts import open_parts
from souk.media.storage import MediaStorage

# Buyers wait for the stock rows of a batch: small enough for a fraction of a second.
BATCH = 250
# So that 250 long descriptions, each held in several forms, stay far below 300 MB.
BATCH_CHARACTERS = 2_000_000
# A file of which most is refused was meant for another purpose, and its records would fill the disk.
MOST_REFUSED = 10_000
BATCH_TIMEOUT_MS = 60_000
ATTEMPTS = 6
PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes are those of the unpacked file, so that a bar knows its end before the last product is read."""

    products: int
    bytes_read: int
    bytes_total: int


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One process at one job; `runner` is what the job knows it by."""

    scope: TenantScope
    storage: MediaStorage
    job: Row[Any]
    runner: str


def run_import(scope: TenantScope, storage: MediaStorage, job_id: int, on_progress: OnProgress | None = None) -> None:
    """Do what the job waits for, a check, an import or an undo, and go on where a dead runner stopped.

    An edge calls this; it opens its own transactions, one for each batch. What is wrong with the file ends the job
    with a sentence in `error`.

    Raises:
        ImportMissing: there is no such job.
        RunnerLost: nothing is to be done, or another process does it.

    """
    runner = new_runner()
    with transaction(scope) as session:
        job = claim(session, job_id, runner)
    if job.status == "undoing":
        run_undo(scope, job, runner)
        return
    run = Run(scope, storage, job, runner)
    try:
        _read_and_write(run, on_progress)
    except SoukError as error:
        if error.status >= 500 or isinstance(error, RunnerLost):  # noqa: PLR2004 - not the file's fault; it goes on later
            raise
        _finish(run, "failed", error.detail)
    else:
        _finish(run, "applied" if job.status == "applying" else "checked")


def _read_and_write(run: Run, on_progress: OnProgress | None) -> None:
    job = run.job
    with transaction(run.scope, read_only=True) as session:
        currency = read_setting(session, "shop")["currency"]
        definitions = {(each.owner_type, each.full_key): each for each in list_definitions(session)}
    layout = job_layout(job)
    plan = Plan(job.id, layout, currency, writing=job.status == "applying", definitions=definitions)
    text, groups = open_groups(run.storage, job, layout)
    waiting = (group for group in groups if group.number >= job.next_number)
    for batch in _batches(waiting):
        _write(run, plan, batch, text.bytes_read)
        if on_progress is not None:
            on_progress(Progress(batch[-1].number, text.bytes_read, job.byte_size))


def job_layout(job: Row[Any]) -> Layout:
    """Return which column fills which field; whole objects of our own need no mapping."""
    mapping = job.mapping
    if has_whole_products(job):
        return Layout({"handle": ("handle",), "title": ("title",)})
    return layout_of(mapping.get("fields", {}), job.columns, mapping.get("decimal", "."))


def open_groups(storage: MediaStorage, job: Row[Any], layout: Layout) -> tuple[Text, Iterator[Group]]:
    """Open the stored file at its first product."""
    source = job.source
    shape = Shape(source["encoding"], source["delimiter"], source["skip"])
    text = Text(open_parts(storage, source["key"], source["parts"]), shape)
    _, rows = read_rows(text, shape)
    return text, group_rows(rows, layout)


def _batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Yield up to 250 rows at once; before a file that breaks off raises, what came before is yielded."""
    batch: list[Group] = []
    rows = characters = 0
    try:
        for group in groups:
            batch.append(group)
            rows += len(group.rows)
            characters += group.characters
            if rows >= BATCH or characters >= BATCH_CHARACTERS:
                yield batch
                batch, rows, characters = [], 0, 0
    except FileUnreadable:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _write(run: Run, plan: Plan, batch: Sequence[Group], bytes_read: int) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _write_once(run, plan, batch, bytes_read)
        except (DatabaseBusy, DBAPIError, psycopg.Error, BundleInvalid) as error:
            # What was remembered in a transaction that failed may not exist.
            plan.categories.clear()
            if _refusing(error) and attempt > 1:
                break
            if attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS * attempt)
        else:
            return
    _isolate(run, plan, batch, bytes_read)


def _write_once(run: Run, plan: Plan, batch: Sequence[Group], bytes_read: int) -> None:
    with transaction(run.scope, timeout_ms=BATCH_TIMEOUT_MS) as session:
        hold(session, run.job.id, run.runner, run.job.status)
        counts = run_batch(session, plan, batch)
        refused, others = _advance(session, run.job.id, counts, batch[-1].number, bytes_read)
    if refused > max(MOST_REFUSED, others):
        reason = f"{refused:,} products are refused by now; look at the reasons, correct the columns or the file."
        raise FileUnreadable(reason, batch[-1].line)


def _isolate(run: Run, plan: Plan, batch: Sequence[Group], bytes_read: int) -> None:
    """The database refuses something in this batch: find the product, refuse it, and write the others."""
    if len(batch) == 1:
        reason = "the database refused this product; compare it with one that was taken."
        batch[0].problems.insert(0, RowInvalid(batch[0].line, "", reason))
    for group in batch:
        _write(run, plan, [group], bytes_read)


def _refusing(error: Exception) -> bool:
    cause = getattr(error, "orig", error)
    # Somebody may have made or ended a bundle since this one was found good.
    return isinstance(cause, psycopg.IntegrityError | psycopg.DataError | BundleInvalid)


def _advance(session: Session, job_id: int, counts: Counter[str], number: int, bytes_read: int) -> tuple[int, int]:
    """Note how far the job is; return how many products are refused and how many are not."""
    values: dict[str, Any] = {name: getattr(ImportJob, name) + count for name, count in counts.items()}
    values |= {"next_number": number + 1, "bytes_read": bytes_read, "heartbeat_at": clock.now()}
    changed = update(ImportJob).where(ImportJob.id == job_id).values(**values)
    row = session.execute(changed.returning(ImportJob.refused, ImportJob.next_number)).one()
    return row.refused, row.next_number - 1 - row.refused


def _finish(run: Run, status: str, error: str = "") -> None:
    job = run.job
    with transaction(run.scope, timeout_ms=BATCH_TIMEOUT_MS) as session:
        ended = hold(session, job.id, run.runner, job.status)
        values = {"status": status, "error": error, "runner": "", "finished_at": clock.now()}
        if not error:
            values["bytes_read"] = job.byte_size
            # An earlier check with another mapping may have seen more products.
            beyond = ImportRow.number >= ended.next_number
            session.execute(delete(ImportRow).where(ImportRow.job_id == job.id, beyond))
        session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**values))
        publish(session, Event("import.finished", job.id, {"status": status}))
