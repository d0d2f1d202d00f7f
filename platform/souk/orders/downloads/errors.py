"""Why a file cannot be downloaded."""

from __future__ import annotations

from souk.kernel.errors import Gone, Invalid, NotFound


class UnknownDownload(NotFound):
    code = "download_not_found"

    def __init__(self) -> None:
        super().__init__("There is no download at this address; open the link of your mail.")


class DownloadExpired(Gone):
    code = "download_expired"

    def __init__(self) -> None:
        super().__init__("The time for this download is over; ask the shop to extend it.")


class DownloadsUsedUp(Gone):
    code = "downloads_used_up"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This file was downloaded {most} times, as often as it may be; ask the shop for more.", most=most
        )


class DownloadStopped(Gone):
    code = "download_stopped"

    def __init__(self) -> None:
        super().__init__("This purchase was canceled or refunded, so its file can no longer be downloaded.")


class BadExtension(Invalid):
    code = "invalid_extension"

    def __init__(self, most: int) -> None:
        super().__init__(f"Extend it by 1 to {most:,} days.", field="days")
