"""Give the buyers of a paid order their files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.catalog.digital.limits import shop_limits
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tokens import new_token
from souk.orders.downloads.models import Download
from souk.orders.fulfill import DOWNLOAD, fulfill_order

# The files of each line's variant, and of the parts where it is a bundle.
_FILES = text("""
SELECT DISTINCT ON (l.id, f.id) l.id AS line_id, l.requires_shipping,
       l.quantity - l.canceled_quantity AS quantity, l.quantity - l.fulfilled_quantity - l.canceled_quantity AS unsent,
       f.id AS file_id, f.filename, f.storage_key, f.parts, f.byte_size, p.download_times, p.download_days
FROM order_lines l
CROSS JOIN LATERAL (
  SELECT l.product_id, l.variant_id
  UNION ALL
  SELECT v.product_id, v.id FROM jsonb_array_elements(l.components) part JOIN variants v
    ON v.id = CAST(part ->> 'variant_id' AS bigint)
) bought
JOIN digital_files f ON f.product_id = bought.product_id AND f.active
  AND (f.variant_id IS NULL OR f.variant_id = bought.variant_id)
JOIN products p ON p.id = f.product_id
WHERE l.order_id = :order_id AND l.quantity > l.canceled_quantity
ORDER BY l.id, f.id
""")


def grant_downloads(session: Session, order_id: int) -> int:
    """Give each line its files and send what needs no parcel; returns how many are new. Repeated, it changes nothing.

    Call it once the order is paid, with its stock allocated.
    """
    found = session.execute(_FILES, {"order_id": order_id}).all()
    if not found:
        return 0
    usual, now = shop_limits(session), clock.now()
    rows = [
        {
            "order_id": order_id, "order_line_id": row.line_id, "file_id": row.file_id, "filename": row.filename,
            "storage_key": row.storage_key, "parts": row.parts, "byte_size": row.byte_size, "token": new_token(),
            "most": row.quantity * (row.download_times or usual.times),
            "expires_at": now + timedelta(days=row.download_days or usual.days),
        }
        for row in found
    ]  # fmt: skip
    written = insert(Download).values(rows).on_conflict_do_nothing(index_elements=["order_line_id", "file_id"])
    made = len(session.execute(written.returning(Download.id)).all())
    if made:
        _send(session, order_id, found)
        publish(session, Event("downloads.granted", order_id, {"files": made}))
    return made


def _send(session: Session, order_id: int, found: Any) -> None:
    unsent = {row.line_id: int(row.unsent) for row in found if not row.requires_shipping and row.unsent > 0}
    if unsent:
        key = f"order-{order_id}-downloads"
        fulfill_order(session, order_id, list(unsent.items()), provider=DOWNLOAD, request_key=key)
