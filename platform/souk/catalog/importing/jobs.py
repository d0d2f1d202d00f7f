"""Make imports, move them from step to step, and read how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from souk.catalog.importing.errors import ImportMissing, ImportRunning, WrongStatus
from souk.catalog.importing.layout import layout_of
from souk.catalog.importing.mappings import Mapped, remember
from souk.catalog.importing.models import ImportJob
from souk.catalog.importing.results import count_written
from souk.catalog.importing.upload import Upload
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

JOB: tuple[Any, ...] = tuple(ImportJob.__table__.c)
RUNNING = ("checking", "applying", "undoing")
WRITING = ("applying", "undoing")
# From which status a step may begin, and what it is called while it runs.
_STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    "check": (frozenset(["uploaded", "checked", "undone", "canceled", "failed"]), "checking"),
    "apply": (frozenset(["uploaded", "checked", "undone", "canceled", "failed"]), "applying"),
    "resume": (frozenset(["canceled", "failed"]), "applying"),
    "undo": (frozenset(["applied", "canceled", "failed"]), "undoing"),
}
_ADVICE = {
    "check": "it can be checked before it is applied, or once it is undone",
    "apply": "it can be applied once, and again after it was undone",
    "resume": "only an import that stopped half-way can be resumed",
    "undo": "only what was applied can be undone",
}
_FRESH: dict[str, Any] = {
    "bytes_read": 0, "next_number": 1, "created": 0, "updated": 0, "unchanged": 0, "refused": 0, "error": "",
}  # fmt: skip


def create_import(session: Session, upload: Upload, mapped: Mapped, actor: str) -> int:
    """Store a job for the uploaded file and return its id; nothing of the shop changes."""
    row = insert(ImportJob).values(
        filename=upload.filename,
        format=upload.format,
        byte_size=upload.file.size,
        source=upload.source(),
        fingerprint=upload.fingerprint,
        columns=upload.columns,
        mapping=mapped.as_json(),
        actor=actor,
        created_at=clock.now(),
    )
    return int(session.execute(row.returning(ImportJob.id)).scalar_one())


def has_whole_products(job: Row[Any]) -> bool:
    """Tell whether the file's lines are products of ours with their variants, whose fields no column names."""
    return job.format == "jsonl" and "variants" in job.columns


def choose_mapping(session: Session, job_id: int, fields: Mapping[str, str], decimal: str) -> None:
    """Let the columns fill these fields, now and for later files with the same headings.

    Of a file of whole products nothing is chosen: it is read as it says itself.

    Raises:
        ImportMissing, WrongStatus, BadMapping, NotAProductFile: nothing was changed.

    """
    job = read_import(session, job_id, lock=True)
    if job.status not in _STEPS["check"][0]:
        raise WrongStatus(job_id, job.status, _ADVICE["check"])
    if has_whole_products(job):
        session.execute(update(ImportJob).where(ImportJob.id == job_id).values(status="uploaded"))
        return
    chosen = {column: field for column, field in fields.items() if field and column in job.columns}
    layout_of(chosen, job.columns, decimal)
    mapping = {"fields": chosen, "decimal": decimal}
    session.execute(update(ImportJob).where(ImportJob.id == job_id).values(mapping=mapping, status="uploaded"))
    remember(session, job.fingerprint, job.filename, job.columns, mapping)


def start(session: Session, job_id: int, step: str) -> None:
    """Hand `check`, `apply`, `resume` or `undo` to the worker; raises ImportMissing, WrongStatus, ImportRunning."""
    begin(session, job_id, step)
    publish(session, Event("import.requested", job_id, {"step": step}))


def begin(session: Session, job_id: int, step: str) -> None:
    """Move the job into `step` for a runner of the caller's own; raises as `start` does."""
    job = read_import(session, job_id, lock=True)
    allowed, status = _STEPS[step]
    if job.status not in allowed:
        raise WrongStatus(job_id, job.status, _ADVICE[step])
    if step in {"check", "apply"} and count_written(session, job_id):
        # A second run would take the products as it finds them for those of before the import.
        raise WrongStatus(job_id, job.status, "products of it are written; resume it, or undo it first")
    if step == "undo" and not count_written(session, job_id):
        raise WrongStatus(job_id, job.status, "nothing of it was written, so that nothing is to be undone")
    _refuse_second_writer(session, job_id, job.resource, status)
    values: dict[str, Any] = {"status": status, "started_at": clock.now(), "finished_at": None, "error": ""}
    if step in {"check", "apply"}:
        values |= _FRESH
    cleared = {"runner": "", "heartbeat_at": None}
    try:
        with session.begin_nested():
            session.execute(update(ImportJob).where(ImportJob.id == job_id).values(**values, **cleared))
    except IntegrityError:
        # The index saw a writer that began in the same moment.
        _refuse_second_writer(session, job_id, job.resource, status)
        raise


def _refuse_second_writer(session: Session, job_id: int, resource: str, status: str) -> None:
    if status not in WRITING:
        return
    query = select(ImportJob.id, ImportJob.filename).where(
        ImportJob.status.in_(WRITING), ImportJob.id != job_id, ImportJob.resource == resource
    )
    other = session.execute(query).first()
    if other is not None:
        raise ImportRunning(other.id, other.filename)


def stop(session: Session, job_id: int) -> None:
    """Stop a running check or import after the batch in hand; what was written stays and can be undone.

    Raises:
        ImportMissing, WrongStatus: it does not run, or is being undone.

    """
    job = read_import(session, job_id, lock=True)
    if job.status not in {"checking", "applying"}:
        raise WrongStatus(job_id, job.status, "only a check or an import that runs can be stopped")
    values = {"status": "canceled", "runner": "", "finished_at": clock.now()}
    session.execute(update(ImportJob).where(ImportJob.id == job_id).values(**values))


def read_import(session: Session, job_id: int, *, lock: bool = False) -> Row[Any]:
    """Return the job with all of its columns; raises ImportMissing."""
    query = select(*JOB).where(ImportJob.id == job_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise ImportMissing(job_id)
    return row


def list_imports(session: Session, limit: int = 50) -> Sequence[Row[Any]]:
    """Return the newest imports of products first."""
    products = select(*JOB).where(ImportJob.resource == "products")
    return session.execute(products.order_by(ImportJob.id.desc()).limit(limit)).all()


def percent(job: Row[Any]) -> int:
    """Return how much of the running step is done, 0 to 100."""
    return min(100, int(job.bytes_read) * 100 // max(int(job.byte_size), 1))
