"""Write what happened to an order and its money as staff read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from souk.web.dashboard.pages import money, when, words

_AMOUNTS = frozenset({"amount", "total", "difference", "to_collect", "returned"})
_CODES = frozenset({"status", "reason", "tracking_status", "kind", "level"})


def told(key: str, value: str | float, currency: str) -> str | float:
    """Return a value of the timeline in words: amounts with their currency, moments by the shop's clock."""
    if key in _AMOUNTS and isinstance(value, int):
        return money(value, currency)
    if key == "evidence_due_by":
        return when(datetime.fromisoformat(str(value)))
    return words(value) if key in _CODES and isinstance(value, str) and value.islower() and " " not in value else value


def by_whom(actor: str) -> str:
    """Return who acted where it was nobody of the staff: `provider:stripe` is Stripe."""
    return words(actor.partition(":")[2]) if actor.startswith("provider:") else words(actor)


def latest_facts(payments: Sequence[Any]) -> list[Any]:
    """Leave out what was still open when it was written and has ended since: the record of money is only added to."""
    ended = {(row.kind, row.idempotency_key) for row in payments if row.status != "pending"}
    return [row for row in payments if row.status != "pending" or (row.kind, row.idempotency_key) not in ended]
