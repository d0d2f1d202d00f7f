"""What can be wrong with a file that is to be sold."""

from __future__ import annotations

from souk.kernel.errors import Invalid, NotFound


class FileInvalid(Invalid):
    code = "file_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, field="file")


class FileUnknown(NotFound):
    code = "file_missing"

    def __init__(self) -> None:
        super().__init__("There is no such file in this product; it may have been removed.")


class BadDownloadLimit(Invalid):
    code = "invalid_download_limit"

    def __init__(self, field: str, most: int) -> None:
        super().__init__(f"Give a number from 1 to {most:,}, or leave it empty.", field=field)
