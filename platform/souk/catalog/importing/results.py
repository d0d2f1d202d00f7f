"""Record what becomes of each product of a file, and read it page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.orm import Session

from souk.catalog.importing.copying import copy_rows
from souk.catalog.importing.models import ImportRow
from souk.catalog.importing.state import ProductState, to_json

ACTIONS = ("created", "updated", "unchanged", "refused")
_COLUMNS = (
    "job_id", "number", "line", "last_line", "handle", "title", "action", "reasons", "changes", "written", "product_id",
    "before", "digest",
)  # fmt: skip
_EARLIER = text(
    "SELECT handle, min(line) AS line FROM import_rows"
    " WHERE job_id = :job_id AND handle = ANY(:handles) AND number < :number AND action <> 'refused' GROUP BY handle"
)
SHOWN = (
    ImportRow.number, ImportRow.line, ImportRow.last_line, ImportRow.handle, ImportRow.title, ImportRow.action,
    ImportRow.reasons, ImportRow.changes, ImportRow.written, ImportRow.product_id,
)  # fmt: skip


@dataclass(slots=True)
class Result:
    """`before` and `digest` are set for what was written."""

    number: int
    line: int
    last_line: int
    handle: str
    title: str
    action: str
    reasons: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, str]] = field(default_factory=list)
    product_id: int | None = None
    before: ProductState | None = None
    digest: str = ""


def record(session: Session, job_id: int, results: Sequence[Result], *, written: bool) -> None:
    """Store the results in place of those that a check foresaw."""
    numbers = [result.number for result in results]
    foreseen = (ImportRow.job_id == job_id) & ImportRow.number.between(min(numbers), max(numbers))
    session.execute(delete(ImportRow).where(foreseen))
    copy_rows(session, "import_rows", _COLUMNS, (_cells(job_id, result, written=written) for result in results))


def _cells(job_id: int, result: Result, *, written: bool) -> list[Any]:
    counts = written and result.action in {"created", "updated"}
    before = Jsonb(to_json(result.before)) if result.before is not None and counts else None
    return [
        job_id, result.number, result.line, result.last_line, result.handle, result.title[:255], result.action,
        Jsonb(result.reasons), Jsonb(result.changes), counts, result.product_id, before,
        result.digest if counts else "",
    ]  # fmt: skip


def earlier_lines(session: Session, job_id: int, handles: Sequence[str], number: int) -> dict[str, int]:
    """Return the line at which each of these handles stood in the file before."""
    found = session.execute(_EARLIER, {"job_id": job_id, "handles": list(handles), "number": number})
    return {row.handle: row.line for row in found}


def list_results(
    session: Session, job_id: int, *, action: str = "", after: int = 0, limit: int = 50
) -> Sequence[Row[Any]]:
    """Return the results of the file's products beyond `after`, in the file's order."""
    query = select(*SHOWN).where(ImportRow.job_id == job_id, ImportRow.number > after)
    if action:
        query = query.where(ImportRow.action == action)
    return session.execute(query.order_by(ImportRow.number).limit(limit)).all()


def count_written(session: Session, job_id: int) -> int:
    """Return how many products of this import could be undone."""
    query = select(func.count()).select_from(ImportRow).where(ImportRow.job_id == job_id, ImportRow.written)
    return session.execute(query).scalar_one()


def sentence(reason: Mapping[str, Any]) -> str:
    """Return a reason as one sentence with its place: line, column and cure."""
    place = f"Line {reason['line']}" + (f", {reason['column']}" if reason["column"] else "")
    return f"{place}: {reason['text']}"
