"""Why a file, a cell of it, or a step of its import cannot be: each names the place and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from souk.kernel.errors import Conflict, Invalid, NotFound


class NotAProductFile(Invalid):
    code = "not_a_product_file"

    def __init__(self, missing: str, columns: Sequence[str]) -> None:
        found = ", ".join(columns[:12]) + (" …" if len(columns) > 12 else "")  # noqa: PLR2004 - enough to recognise it
        super().__init__(f"Line 1: no column is used as {missing}; choose one of the file's columns ({found}).")


class FileUnreadable(Invalid):
    """The whole file is refused. `line` counts from 1; 0 where the file has none."""

    code = "file_unreadable"

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"Line {line}: {reason}" if line else reason, line=line)


class FileTooLong(Invalid):
    code = "file_too_long"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file has more than {limit // 1024**2:,} MB when unpacked; split it into smaller files.")


class BadMapping(Invalid):
    code = "bad_mapping"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class RowInvalid(Invalid):
    """One product of the file is left out; the others are imported. `reasons` are [{line, column, text}]."""

    code = "row_invalid"

    def __init__(self, line: int, column: str, reason: str) -> None:
        place = f"Line {line}, {column}: " if column else f"Line {line}: "
        super().__init__(place + reason, line=line, column=column)
        self.reason: dict[str, Any] = {"line": line, "column": column, "text": reason}


class ImportMissing(NotFound):
    code = "import_missing"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"This shop has no import {job_id}; the list of imports shows those of the last 90 days.")


class ImportRunning(Conflict):
    """Two writers at once would overwrite each other."""

    code = "import_running"

    def __init__(self, job_id: int, filename: str) -> None:
        super().__init__(f"Import {job_id} ({filename}) is being written; wait until it has ended, or stop it first.")


class WrongStatus(Conflict):
    code = "import_status"

    def __init__(self, job_id: int, status: str, wanted: str) -> None:
        super().__init__(f"Import {job_id} is {status}; {wanted}.", status=status)


class UndoRefused(Conflict):
    """Something newer stands on the imported products; nothing was undone."""

    code = "undo_refused"

    def __init__(self, job_id: int, handles: Sequence[str], count: int) -> None:
        names = ", ".join(handles) + (" …" if count > len(handles) else "")
        super().__init__(
            f"Import {job_id} cannot be undone: {count} of its products were changed or sold since ({names})."
            " Import a corrected file instead.",
            handles=list(handles),
        )


class RunnerLost(Conflict):
    """Another process has taken this job over, or a person stopped it."""

    code = "runner_lost"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Import {job_id} was stopped or is run by another process; look at its page.")
