"""Remember which column fills which field, by the file's headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.importing.fields import METAFIELD
from souk.catalog.importing.headings import guess
from souk.catalog.importing.models import ImportMapping
from souk.catalog.importing.numbers import decimal_sign
from souk.catalog.importing.upload import Upload
from souk.catalog.metafields.define import list_definitions
from souk.kernel import clock

_AMOUNTS = ("price", "compare_at_price", "cost")
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Mapped:
    """`remembered`: a person chose it for an earlier file with these headings; otherwise it is a guess."""

    fields: dict[str, str]
    decimal: str
    remembered: bool

    def as_json(self) -> dict[str, Any]:
        return {"fields": self.fields, "decimal": self.decimal}


def mapping_for(session: Session, upload: Upload) -> Mapped:
    """Return the remembered mapping of files with these headings, else the best guess."""
    remembered = known_mapping(session, upload.fingerprint)
    if remembered is not None:
        return Mapped(dict(remembered["fields"]), str(remembered["decimal"]), remembered=True)
    known = {METAFIELD + each.full_key for each in list_definitions(session, "product")}
    fields = guess(upload.columns)
    fields = {column: name for column, name in fields.items() if METAFIELD not in name or name in known}
    amounts = [column for column, field in fields.items() if field in _AMOUNTS]
    sign = decimal_sign(sample[column] for sample in upload.samples for column in amounts if column in sample)
    if sign == "." and upload.shape.delimiter == ";" and not _has_point(upload.samples, amounts):
        sign = ","  # programs that separate by semicolons do so because the comma is taken
    return Mapped(fields, sign, remembered=False)


def known_mapping(session: Session, fingerprint: str) -> dict[str, Any] | None:
    """Return what was remembered for files with these headings: {"fields", "decimal"}."""
    query = select(ImportMapping.mapping).where(ImportMapping.fingerprint == fingerprint)
    return session.execute(query).scalar_one_or_none()


def _has_point(samples: Sequence[Mapping[str, str]], columns: Sequence[str]) -> bool:
    return any("." in sample.get(column, "") for sample in samples for column in columns)


def remember(session: Session, fingerprint: str, name: str, columns: Sequence[str], mapping: Mapping[str, Any]) -> None:
    """Keep the mapping for the next file with the same headings, in place of an older one."""
    now = clock.now()
    row = insert(ImportMapping).values(
        fingerprint=fingerprint, name=name, columns=list(columns), mapping=dict(mapping), created_at=now, used_at=now
    )
    changed = {"name": row.excluded.name, "mapping": row.excluded.mapping, "used_at": row.excluded.used_at}
    session.execute(row.on_conflict_do_update(index_elements=[ImportMapping.fingerprint], set_=changed))


def list_mappings(session: Session) -> Sequence[Any]:
    """Return (id, name, columns, mapping, used_at) of what is remembered, the newest first."""
    table = ImportMapping
    query = select(table.id, table.name, table.columns, table.mapping, table.used_at)
    return session.execute(query.order_by(table.used_at.desc(), table.id).limit(MOST_SHOWN)).all()


def forget_mapping(session: Session, mapping_id: int) -> None:
    """Forget one; it is no error when it is forgotten already."""
    session.execute(delete(ImportMapping).where(ImportMapping.id == mapping_id))
