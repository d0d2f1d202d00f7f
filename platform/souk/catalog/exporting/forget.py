"""Forget imports and exports that have had their time, with their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, select, text
from sqlalchemy.orm import Session

from souk.catalog.exporting.models import ExportJob
from souk.catalog.importing.jobs import RUNNING
from souk.catalog.importing.models import ImportJob
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.parts import delete_parts
from souk.media.storage import MediaStorage

IMPORT_DAYS = 90
EXPORT_DAYS = 14
BATCH = 2_000
JOBS = 50
_ROWS = text(
    "DELETE FROM import_rows WHERE id IN (SELECT id FROM import_rows WHERE job_id = :job_id ORDER BY id LIMIT :batch)"
    " RETURNING id"
)


def forget_files(scope: TenantScope, storage: MediaStorage) -> int:
    """Delete old imports with their journals, old exports, and the files of both; returns how many jobs.

    The worker calls this; it opens its own transactions. The file goes before the job: a job without its file can
    still be forgotten, a file without its job would stay for ever.
    """
    gone = 0
    with transaction(scope, read_only=True) as session:
        imports, exports = _old_imports(session), _old_exports(session)
    for job in imports:
        delete_parts(storage, job.source["key"], job.source["parts"])
        while _forget_rows(scope, job.id) == BATCH:
            pass
        with transaction(scope) as session:
            session.execute(delete(ImportJob).where(ImportJob.id == job.id))
        gone += 1
    for job in exports:
        delete_parts(storage, job.source.get("key", ""), job.source.get("parts", 0))
        with transaction(scope) as session:
            session.execute(delete(ExportJob).where(ExportJob.id == job.id))
        gone += 1
    return gone


def _old_imports(session: Session) -> Sequence[Row[Any]]:
    before = clock.now() - timedelta(days=IMPORT_DAYS)
    query = select(ImportJob.id, ImportJob.source)
    query = query.where(ImportJob.created_at < before, ImportJob.status.not_in(RUNNING))
    return session.execute(query.order_by(ImportJob.created_at).limit(JOBS)).all()


def _old_exports(session: Session) -> Sequence[Row[Any]]:
    before = clock.now() - timedelta(days=EXPORT_DAYS)
    query = select(ExportJob.id, ExportJob.source).where(ExportJob.created_at < before)
    return session.execute(query.order_by(ExportJob.created_at).limit(JOBS)).all()


def _forget_rows(scope: TenantScope, job_id: int) -> int:
    with transaction(scope) as session:
        return len(session.execute(_ROWS, {"job_id": job_id, "batch": BATCH}).all())
