"""Run an import of orders: gather, read, write in batches; repeating it writes nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
from sqlalchemy import Row, update
from sqlalchemy.exc import DataError, IntegrityError

from souk.catalog.importing.claim import claim, hold, new_runner
from souk.catalog.importing.detect import Shape
from souk.catalog.importing.errors import RowInvalid, RunnerLost
from souk.catalog.importing.lines import Text, read_rows
from souk.catalog.importing.models import ImportJob
from souk.catalog.importing.results import Result, record
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope
from souk.media.parts import open_parts
from souk.media.storage import MediaStorage
from souk.orders.count_sales import count_sales
from souk.orders.importing.fields import NUMBER
from souk.orders.importing.gather import Gathered, gather
from souk.orders.importing.jobs import check_columns
from souk.orders.importing.parse import ImportedOrder, Reading, parse
from souk.orders.importing.write import known_numbers, write_orders

# A checkout waits for the number of an order while a batch is written: a fraction of a second.
BATCH = 200
BATCH_TIMEOUT_MS = 60_000
# What COPY raises is the driver's own and not wrapped.
_REFUSED = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError)

OnProgress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Run:
    scope: TenantScope
    job: Row[Any]
    runner: str
    reading: Reading


def run_order_import(
    scope: TenantScope, storage: MediaStorage, job_id: int, on_progress: OnProgress | None = None
) -> None:
    """Do what the job waits for, a check or an import. An edge calls it; it opens its own transactions.

    Raises:
        ImportMissing: there is no such job.
        RunnerLost: nothing is to be done, or another process does it.

    """
    runner = new_runner()
    with transaction(scope) as session:
        job = claim(session, job_id, runner)
        shop = read_setting(session, "shop")
    run = _Run(scope, job, runner, _reading(job, shop))
    try:
        check_columns(job.mapping["fields"], job.columns)
        _work_off(run, storage, on_progress or (lambda _orders: None))
    except SoukError as error:
        if error.status >= 500 or isinstance(error, RunnerLost):  # noqa: PLR2004 - not the file's fault; it goes on later
            raise
        _finish(run, "failed", error.detail)
    else:
        if job.status == "applying":
            count_sales(scope)
        _finish(run, "applied" if job.status == "applying" else "checked")


def _reading(job: Row[Any], shop: dict[str, Any]) -> Reading:
    try:
        zone = ZoneInfo(str(shop.get("timezone") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    return Reading(job.mapping.get("decimal", "."), str(job.mapping.get("currency") or shop["currency"]), zone)


def _work_off(run: _Run, storage: MediaStorage, on_progress: OnProgress) -> None:
    source = run.job.source
    shape = Shape(source["encoding"], source["delimiter"], source["skip"])
    text = Text(open_parts(storage, source["key"], source["parts"]), shape)
    _, rows = read_rows(text, shape)
    orders = gather(rows, run.job.mapping["fields"], NUMBER)
    waiting = (order for order in orders if order.ordinal >= run.job.next_number)
    for batch in _batches(waiting):
        _write(run, batch)
        on_progress(batch[-1].ordinal)


def _batches(orders: Iterator[Gathered]) -> Iterator[list[Gathered]]:
    while batch := list(islice(orders, BATCH)):
        yield batch


def _write(run: _Run, batch: Sequence[Gathered]) -> None:
    try:
        _write_once(run, batch, ())
    except _REFUSED:
        # The database refuses something in this batch: find the order, refuse it, and write the others.
        for order in batch:
            try:
                _write_once(run, [order], ())
            except _REFUSED:
                reason = "the database refused this order; compare it with one that was taken."
                _write_once(run, [order], [RowInvalid(order.rows[0].line, "", reason)])


def _write_once(run: _Run, batch: Sequence[Gathered], problems: Sequence[RowInvalid]) -> None:
    good, refused = _parsed(run, batch) if not problems else ([], [_result(batch[0], problems[0])])
    with transaction(run.scope, timeout_ms=BATCH_TIMEOUT_MS) as session:
        hold(session, run.job.id, run.runner, run.job.status)
        known = known_numbers(session, [order.number for order in good])
        new = [order for order in good if order.number not in known]
        if run.job.status == "applying" and new:
            write_orders(session, new, run.job.actor)
        if refused:
            record(session, run.job.id, refused, written=False)
        counts = {"created": len(new), "unchanged": len(good) - len(new), "refused": len(refused)}
        values: dict[str, Any] = {name: getattr(ImportJob, name) + count for name, count in counts.items()}
        # The file is read once before the first order is written: orders are counted, not bytes.
        values |= {"next_number": batch[-1].ordinal + 1, "heartbeat_at": clock.now()}
        session.execute(update(ImportJob).where(ImportJob.id == run.job.id).values(**values))


def _parsed(run: _Run, batch: Sequence[Gathered]) -> tuple[list[ImportedOrder], list[Result]]:
    good, refused = [], []
    for gathered in batch:
        try:
            good.append(parse(gathered, run.reading))
        except RowInvalid as error:
            refused.append(_result(gathered, error))
    return good, refused


def _result(order: Gathered, error: RowInvalid) -> Result:
    lines = [row.line for row in order.rows]
    name = order.number[:60]
    return Result(order.ordinal, min(lines), max(lines), name, name, "refused", reasons=[error.reason])


def _finish(run: _Run, status: str, error: str = "") -> None:
    with transaction(run.scope) as session:
        ended = hold(session, run.job.id, run.runner, run.job.status)
        values = {"status": status, "error": error, "runner": "", "finished_at": clock.now()}
        if not error:
            values["bytes_read"] = ended.byte_size
        session.execute(update(ImportJob).where(ImportJob.id == ended.id).values(**values))
        publish(session, Event("import.finished", ended.id, {"status": status}))
