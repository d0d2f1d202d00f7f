"""Give the refused rows back with the reasons beside them, to be corrected and imported again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from souk.catalog.importing.cells import guard
from souk.catalog.importing.detect import Shape
from souk.catalog.importing.errors import FileUnreadable
from souk.catalog.importing.grouping import Group
from souk.catalog.importing.results import list_results, sentence
from souk.catalog.importing.run import job_layout, open_groups
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.storage import MediaStorage

REASON = "What is wrong"
NOTE = "import_error"
PAGE = 500


def error_file(scope: TenantScope, storage: MediaStorage, job: Row[Any]) -> Iterator[bytes]:
    """Yield the refused rows in the file's own columns and format, each with its reason.

    The stored file is read again, so that a million refused rows need no second copy. An edge calls this; it opens
    its own transactions.
    """
    refused = _refused(scope, job.id)
    number, reasons = next(refused, (0, []))
    is_json = Shape(**{name: job.source[name] for name in ("encoding", "delimiter", "skip")}).is_json
    columns = [*job.columns, REASON]
    if not is_json:
        yield ("\ufeff" + _line(columns)).encode()
    _, groups = open_groups(storage, job, job_layout(job))
    try:
        for group in groups:
            if group.number == number:
                yield _written(group, job.columns, reasons, is_json=is_json).encode("utf-8", "replace")
                number, reasons = next(refused, (0, []))
    except FileUnreadable:
        return  # the job's own error says where the file breaks off


def _refused(scope: TenantScope, job_id: int) -> Iterator[tuple[int, Sequence[Mapping[str, Any]]]]:
    last = 0
    while True:
        with transaction(scope, read_only=True) as session:
            rows = list_results(session, job_id, action="refused", after=last, limit=PAGE)
        if not rows:
            return
        for row in rows:
            yield row.number, row.reasons
        last = rows[-1].number


def _written(group: Group, columns: Sequence[str], reasons: Sequence[Mapping[str, Any]], *, is_json: bool) -> str:
    told = " ".join(sentence(reason) for reason in reasons)
    if is_json:
        documents = [row.document for row in group.rows if row.document is not None]
        return "".join(json.dumps({**each, NOTE: told}, ensure_ascii=False) + "\n" for each in documents)
    lines = []
    for index, row in enumerate(group.rows):
        cells = [guard(row.cells.get(column, "")) for column in columns]
        lines.append(_line([*cells, told if index == 0 else ""]))
    return "".join(lines)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
