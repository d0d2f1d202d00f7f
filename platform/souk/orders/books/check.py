"""Check all books of a shop and keep the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.models import Setting
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import Scope
from souk.orders.books.cards import check_cards
from souk.orders.books.drift import Drift, installed_checks
from souk.orders.books.orders import check_orders
from souk.orders.books.papers import check_numbers
from souk.orders.books.payments import check_payments
from souk.orders.books.provider import check_provider
from souk.orders.books.stock import check_stock

SETTING = "books_check"
KEPT = 200
_CHECKS = (check_orders, check_payments, check_cards, check_numbers, check_stock)
# Sums over every order of a shop.
TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Result:
    """When the books were checked and what did not balance; `total` counts also what is not kept."""

    checked_at: datetime
    drifts: Sequence[Drift]
    total: int


def check_books(scope: Scope, *, ask_providers: bool = True) -> Result:
    """Check everything and keep the result for the dashboard; call it outside any transaction. Nothing is repaired."""
    drifts: list[Drift] = []
    with transaction(scope, read_only=True, timeout_ms=TIMEOUT_MS) as session:
        for check in (*_CHECKS, *installed_checks().values()):
            drifts += check(session)
    if ask_providers:
        drifts += check_provider(scope)
    result = Result(clock.now(), drifts[:KEPT], len(drifts))
    with transaction(scope) as session:
        _keep(session, result)
    return result


def _keep(session: Session, result: Result) -> None:
    # Not `write_setting`, which tells every cache of the shop: no page shows this but one.
    value = {
        "checked_at": result.checked_at.isoformat(),
        "total": result.total,
        "drifts": [drift.to_json() for drift in result.drifts],
    }
    row = insert(Setting).values(name=SETTING, value=value, updated_at=result.checked_at)
    session.execute(row.on_conflict_do_update(index_elements=[Setting.name], set_={"value": row.excluded.value}))


def last_result(session: Session) -> Result | None:
    """Return the result of the last check; None before the first."""
    stored: dict[str, Any] = read_setting(session, SETTING)
    if not stored:
        return None
    drifts = [Drift.from_json(one) for one in stored["drifts"]]
    return Result(datetime.fromisoformat(stored["checked_at"]), drifts, stored["total"])
