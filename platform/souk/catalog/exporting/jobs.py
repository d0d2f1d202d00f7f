"""Ask for exports, and read how far they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from souk.catalog.exporting.errors import ExportMissing, ExportNotReady, UnknownFormat
from souk.catalog.exporting.filters import checked
from souk.catalog.exporting.models import ExportJob
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish

JOB: tuple[Any, ...] = tuple(ExportJob.__table__.c)
EXTENSIONS: Mapping[str, str] = {"shopify": "csv", "jsonl": "jsonl"}


def ask_export(session: Session, format_name: str, filters: Mapping[str, Any], actor: str) -> int:
    """Let the worker write a file of the products that the filters choose, and return the job's id.

    Raises:
        UnknownFormat, BadFilter: nothing was made.

    """
    if format_name not in EXTENSIONS:
        raise UnknownFormat(format_name)
    now = clock.now()
    row = insert(ExportJob).values(
        format=format_name,
        filters=checked(filters),
        filename=f"products-{now:%Y-%m-%d-%H%M}.{EXTENSIONS[format_name]}",
        actor=actor,
        created_at=now,
    )
    job_id = int(session.execute(row.returning(ExportJob.id)).scalar_one())
    publish(session, Event("export.requested", job_id))
    return job_id


def read_export(session: Session, job_id: int, *, lock: bool = False) -> Row[Any]:
    """Return the job with all of its columns; raises ExportMissing."""
    query = select(*JOB).where(ExportJob.id == job_id)
    row = session.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise ExportMissing(job_id)
    return row


def finished_export(session: Session, job_id: int) -> Row[Any]:
    """Return a job whose file is there; raises ExportMissing, ExportNotReady."""
    row = read_export(session, job_id)
    if row.status != "done":
        raise ExportNotReady(job_id, row.status)
    return row


def list_exports(session: Session, limit: int = 50) -> Sequence[Row[Any]]:
    """Return the newest jobs first."""
    return session.execute(select(*JOB).order_by(ExportJob.id.desc()).limit(limit)).all()
