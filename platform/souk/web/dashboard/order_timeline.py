"""Tell an order's timeline to staff: a part of it, each fact under its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from souk.web.dashboard.pages import words
from souk.web.dashboard.told import told

# What a choice above the timeline shows: the beginnings of the types of its entries.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "money": ("placed", "payment_", "refund_", "edited", "canceled", "books_", "document_"),
    "goods": (
        "fulfillment_", "tracking_", "carrier_", "held", "released", "ready_for_", "picked_up", "downloads_",
        "gift_cards_", "canceled",
    ),
    "returns": ("return_",),
    "notes": ("note_", "tagged", "risk_", "archived", "reopened"),
}  # fmt: skip


def shown(events: Sequence[Any], group: str) -> Sequence[Any]:
    """Return the entries of one of GROUPS; all of them for any other."""
    begins = GROUPS.get(group)
    return events if begins is None else [event for event in events if event.type.startswith(begins)]


def facts_of(event: Any, currency: str) -> list[tuple[str, str]]:
    """Return what an entry tells as (name, text), without ids and what is empty."""
    facts = []
    for key, value in event.params.items():
        if key.endswith("_id") or not isinstance(value, str | int | float) or value in {"", False}:
            continue
        facts.append((words(key), "yes" if value is True else str(told(key, value, currency))))
    return facts
