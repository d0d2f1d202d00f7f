"""Count one download, and let it begin."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.downloads.errors import DownloadExpired, DownloadStopped, DownloadsUsedUp
from souk.orders.downloads.models import Download
from souk.orders.downloads.read import STANDS, read_download
from souk.orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that may be sent now, as it lies in the storage."""

    filename: str
    storage_key: str
    parts: int
    byte_size: int


def take_download(session: Session, token: str) -> Taken:
    """Count a download and return its file.

    One statement checks and counts: of two that ask for the last one at once, one gets it.

    Raises:
        UnknownDownload, DownloadExpired, DownloadsUsedUp, DownloadStopped: nothing was counted.

    """
    one = Download
    row = session.execute(
        update(one)
        .where(
            one.token == token,
            one.used < one.most,
            one.expires_at > clock.now(),
            OrderLine.id == one.order_line_id,
            Order.id == one.order_id,
            STANDS,
        )
        .values(used=one.used + 1, last_used_at=clock.now())
        .returning(one.filename, one.storage_key, one.parts, one.byte_size)
    ).first()
    if row is not None:
        return Taken(*row)
    found = read_download(session, token)
    if not found.stands:
        raise DownloadStopped
    raise DownloadExpired if found.status == "expired" else DownloadsUsedUp(found.most)
