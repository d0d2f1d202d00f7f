"""Why stock moves, for the ledger."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """Ids name what moved the stock; `actor` is `staff:12`, `customer`, `app:3` or `system`."""

    order_id: int | None = None
    fulfillment_id: int | None = None
    actor: str = "system"
    reason: str = ""
    transfer_id: int | None = None
    count_id: int | None = None
