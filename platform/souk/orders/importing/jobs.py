"""Make an import of orders of an uploaded file; its steps are those of every import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from souk.catalog.importing.errors import WrongStatus
from souk.catalog.importing.jobs import JOB, RUNNING, read_import
from souk.catalog.importing.mappings import known_mapping, remember
from souk.catalog.importing.models import ImportJob
from souk.catalog.importing.numbers import decimal_sign
from souk.catalog.importing.upload import Upload
from souk.kernel import clock
from souk.kernel.settings import read_setting
from souk.orders.importing.errors import BadImportCurrency, NotAnOrderFile, NotAnOrderImport
from souk.orders.importing.fields import AMOUNTS, LEVELS, LINE_FIELDS, NEEDED, ORDER_FIELDS, guess
from souk.orders.importing.parse import is_currency

RESOURCE = "orders"


def create_order_import(session: Session, upload: Upload, actor: str) -> int:
    """Store a job for the file, its columns mapped as remembered or guessed; nothing of the shop changes.

    Amounts of which the file names no currency are in the shop's, until another one is chosen.
    """
    known = known_mapping(session, _fingerprint(upload.fingerprint))
    mapping = {"currency": read_setting(session, "shop")["currency"], **(known or _guessed(upload))}
    row = insert(ImportJob).values(
        resource=RESOURCE,
        filename=upload.filename,
        format="jsonl" if upload.shape.is_json else "csv",
        byte_size=upload.file.size,
        source=upload.source(),
        fingerprint=_fingerprint(upload.fingerprint),
        columns=upload.columns,
        mapping=mapping,
        actor=actor,
        created_at=clock.now(),
    )
    return int(session.execute(row.returning(ImportJob.id)).scalar_one())


def choose_columns(session: Session, job_id: int, fields: Mapping[str, str], decimal: str, currency: str = "") -> None:
    """Let the columns fill these fields, now and for later files with the same headings.

    `currency` (ISO 4217) is that of amounts of which the file names none; empty leaves it as it is.

    Raises:
        ImportMissing, NotAnOrderImport, WrongStatus, NotAnOrderFile, BadImportCurrency: nothing was changed.

    """
    job = order_import(session, job_id, lock=True)
    if job.status in RUNNING:
        raise WrongStatus(job_id, job.status, "its columns can be chosen before it runs")
    known = {*ORDER_FIELDS, *LINE_FIELDS}
    chosen = {column: field for column, field in fields.items() if field in known and column in job.columns}
    check_columns(chosen, job.columns)
    told = currency.strip().upper() or job.mapping.get("currency", "")
    if told and not is_currency(told):
        raise BadImportCurrency(currency)
    mapping = {"fields": chosen, "decimal": "," if decimal == "," else ".", **({"currency": told} if told else {})}
    session.execute(update(ImportJob).where(ImportJob.id == job_id).values(mapping=mapping))
    remember(session, job.fingerprint, job.filename, job.columns, mapping)


def check_columns(fields: Mapping[str, str], columns: Sequence[str]) -> None:
    """Raise NotAnOrderFile unless number, quantity and price are each filled by one column."""
    for needed in NEEDED:
        if list(fields.values()).count(needed) != 1:
            names = {name: title for level in LEVELS.values() for name, title in level.items()}
            raise NotAnOrderFile(names[needed], columns)


def order_import(session: Session, job_id: int, *, lock: bool = False) -> Row[Any]:
    """Return an import of orders; raises ImportMissing, NotAnOrderImport."""
    job = read_import(session, job_id, lock=lock)
    if job.resource != RESOURCE:
        raise NotAnOrderImport(job_id)
    return job


def list_order_imports(session: Session, limit: int = 50) -> Sequence[Row[Any]]:
    """Return the newest imports of orders first."""
    newest = select(*JOB).where(ImportJob.resource == RESOURCE).order_by(ImportJob.id.desc())
    return session.execute(newest.limit(limit)).all()


def _fingerprint(of_columns: str) -> str:
    # A file of products with the same headings is read in another way.
    return f"orders:{of_columns}"


def _guessed(upload: Upload) -> dict[str, Any]:
    fields = guess(upload.columns)
    amounts = [column for column, field in fields.items() if field in AMOUNTS]
    decimal = decimal_sign(sample[column] for sample in upload.samples for column in amounts if column in sample)
    return {"fields": fields, "decimal": decimal}
