"""Read the downloads of orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.orders.downloads.errors import UnknownDownload
from souk.orders.downloads.models import Download
from souk.orders.models import Order, OrderLine

# The units of the line are paid for and kept. Reads `orders` and `order_lines`.
STANDS: ColumnElement[bool] = and_(
    Order.status != "canceled",
    Order.financial_status.not_in(["refunded", "voided"]),
    OrderLine.quantity > func.greatest(OrderLine.canceled_quantity, OrderLine.refunded_quantity),
)


@dataclass(frozen=True, slots=True)
class DownloadView:
    """`stands` is False once the purchase was canceled or refunded."""

    id: int
    order_line_id: int
    title: str
    filename: str
    byte_size: int
    token: str
    used: int
    most: int
    expires_at: datetime
    last_used_at: datetime | None
    stands: bool
    order_token: str

    @property
    def left(self) -> int:
        return self.most - self.used

    @property
    def status(self) -> str:
        """Return what stands in the way: open, stopped, expired or used_up."""
        if not self.stands:
            return "stopped"
        if self.expires_at <= clock.now():
            return "expired"
        return "open" if self.left else "used_up"


def _select(where: ColumnElement[bool]) -> Any:
    one = Download
    return (
        select(
            one.id, one.order_line_id, OrderLine.title, one.filename, one.byte_size, one.token, one.used, one.most,
            one.expires_at, one.last_used_at, STANDS, Order.token,
        )
        .join(OrderLine, OrderLine.id == one.order_line_id)
        .join(Order, Order.id == one.order_id)
        .where(where)
        .order_by(one.order_line_id, one.id)
    )  # fmt: skip


def downloads_of(session: Session, order_id: int) -> list[DownloadView]:
    """Return the order's downloads in the order of its lines."""
    return [DownloadView(*row) for row in session.execute(_select(Download.order_id == order_id))]


def read_download(session: Session, token: str) -> DownloadView:
    """Return the download that a secret names; raises UnknownDownload."""
    row = session.execute(_select(Download.token == token)).first()
    if row is None:
        raise UnknownDownload
    return DownloadView(*row)
