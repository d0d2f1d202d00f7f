"""Write the file of an export. One that was broken off begins anew: it changes nothing, and the shop went on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from souk.catalog.exporting.jobs import read_export
from souk.catalog.exporting.models import ExportJob
from souk.catalog.exporting.stream import count_products, stream_products
from souk.catalog.importing.claim import alive, new_runner
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.media.parts import delete_parts, new_key, part_key, put_parts
from souk.media.storage import MediaStorage


def run_export(scope: TenantScope, storage: MediaStorage, job_id: int) -> bool:
    """Write the file and return True; False when it is written already, or another process is at it.

    An edge calls this; it opens its own transactions. Raises ExportMissing.
    """
    runner = new_runner()
    with transaction(scope) as session:
        job = read_export(session, job_id, lock=True)
        if job.status in {"done", "failed"} or (job.runner and alive(job.runner, job.heartbeat_at)):
            return False
        key = new_key(scope.tenant_id, "exports")
        session.execute(
            update(ExportJob)
            .where(ExportJob.id == job_id)
            .values(
                status="running", runner=runner, heartbeat_at=clock.now(), started_at=clock.now(), source={"key": key}
            )
        )
    _drop_left_over(storage, str(job.source.get("key", "")))
    _note(scope, job_id, total=count_products(scope, job.filters))
    chunks = stream_products(scope, job.format, job.filters, lambda count: _note(scope, job_id, exported=count))
    file = put_parts(storage, key, chunks)
    with transaction(scope) as session:
        if read_export(session, job_id, lock=True).runner != runner:
            delete_parts(storage, key, file.parts)
            return False
        values = {"status": "done", "source": {"key": key, "parts": file.parts}, "byte_size": file.size, "runner": ""}
        session.execute(update(ExportJob).where(ExportJob.id == job_id).values(**values, finished_at=clock.now()))
        publish(session, Event("export.finished", job_id, {"status": "done"}))
    return True


def _drop_left_over(storage: MediaStorage, key: str) -> None:
    """Delete what a dead process wrote."""
    number = 1
    while key and storage.exists(part_key(key, number)):
        storage.delete(part_key(key, number))
        number += 1


def _note(scope: TenantScope, job_id: int, **values: Any) -> None:
    with transaction(scope) as session:
        session.execute(update(ExportJob).where(ExportJob.id == job_id).values(**values, heartbeat_at=clock.now()))
