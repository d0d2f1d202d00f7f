"""What can be wrong with an export that somebody asks for."""

from __future__ import annotations

from souk.kernel.errors import Conflict, Invalid, NotFound


class ExportMissing(NotFound):
    code = "export_missing"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"This shop has no export {job_id}; exports are kept for 14 days. Make a new one.")


class ExportNotReady(Conflict):
    code = "export_not_ready"

    def __init__(self, job_id: int, status: str) -> None:
        super().__init__(f"Export {job_id} is {status}; its file is there once it is done.", status=status)


class UnknownFormat(Invalid):
    code = "unknown_export_format"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name[:40]!r} is no format of an export; choose shopify or jsonl.")
