"""Why a merchant changes a number by hand, for the ledger and for the choice in a form."""

from __future__ import annotations

from collections.abc import Mapping

from souk.inventory.errors import BadReason

# code -> what a person reads.
REASONS: Mapping[str, str] = {
    "correction": "Correction",
    "count": "Count",
    "received": "Received",
    "returned": "Returned by a customer",
    "damaged": "Damaged",
    "lost": "Lost or stolen",
    "promotion": "Promotion or gift",
    "own_use": "Own use",
    "other": "Other",
}
MAX_NOTE = 200


def ledger_reason(reason: str, note: str = "") -> str:
    """Return what the ledger keeps, such as `damaged` or `damaged: fell from the shelf`; raises BadReason."""
    cleaned = " ".join(note.replace("\x00", "").split())
    if reason not in REASONS or len(cleaned) > MAX_NOTE:
        raise BadReason(REASONS, MAX_NOTE)
    return f"{reason}: {cleaned}" if cleaned else reason
