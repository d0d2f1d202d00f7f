"""Run the imports and exports that a merchant asked for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.catalog.exporting.errors import ExportMissing
from souk.catalog.exporting.forget import forget_files
from souk.catalog.exporting.jobs import read_export
from souk.catalog.exporting.run import run_export
from souk.catalog.importing.errors import ImportMissing, RunnerLost
from souk.catalog.importing.jobs import RUNNING, read_import
from souk.catalog.importing.run import run_import
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.outbox import Job, once
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.media.sweep import sweep_media
from souk.orders.importing.jobs import RESOURCE
from souk.orders.importing.run import run_order_import


def import_products(job: Job) -> None:
    """Consume `import.requested`: do the step that the import waits for."""
    with transaction(job.scope, read_only=True) as session:
        run = run_order_import if _brings_orders(session, job.event.subject_id) else run_import
    try:
        run(job.scope, media_storage(config()), job.event.subject_id)
    except RunnerLost:
        with transaction(job.scope, read_only=True) as session:
            waiting = read_import(session, job.event.subject_id).status in RUNNING
        if waiting:
            return  # another process has it in hand; the sweeper asks again should that one die
    except ImportMissing:
        pass  # forgotten before its turn came
    with once(job):
        pass


def _brings_orders(session: Session, job_id: int) -> bool:
    try:
        return bool(read_import(session, job_id).resource == RESOURCE)
    except ImportMissing:
        return False


def export_products(job: Job) -> None:
    """Consume `export.requested`: write the file."""
    try:
        if not run_export(job.scope, media_storage(config()), job.event.subject_id):
            with transaction(job.scope, read_only=True) as session:
                waiting = read_export(session, job.event.subject_id).status in {"queued", "running"}
            if waiting:
                return
    except ExportMissing:
        pass
    with once(job):
        pass


def forget_catalog_files(scope: TenantScope) -> int:
    """Delete imports and exports that have had their time; returns how many."""
    return forget_files(scope, media_storage(config()))


def sweep_files(scope: TenantScope) -> None:
    """Delete the bytes that nothing in the shop refers to, and uploads that nobody confirmed."""
    sweep_media(scope, media_storage(config()))
