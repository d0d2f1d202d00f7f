"""A buyer's process dies between any two phases: one order or none, one charge or none, no stock left hanging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.complete import complete_checkout, resume_checkout
from souk.checkout.queries import checkout_by_token
from souk.checkout.read import read_checkout
from souk.checkout.sweep import sweep_checkouts
from souk.inventory.audit import audit
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout, stock
from tests.faults.killing import run_killed
from tests.inventory.stocking import variant

QUANTITY, TOTAL = 3, 3_850
# Dead for longer than any provider takes, and for longer than a buyer may take for an extra step.
SOON, LATE = timedelta(minutes=3), timedelta(minutes=31)
# One attempt that ends well leaves at least: prepare committed, charged, finalized.
FEWEST_POINTS = 4


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope) -> None:
    open_for_business(shop)


def card(token: str) -> dict[str, str]:
    return {"type": "test", "token": token}


def pay(method: dict[str, str], scope: TenantScope, token: str) -> None:
    complete_checkout(scope, token, method)


def pay_after_step(outcome: str, scope: TenantScope, token: str) -> None:
    complete_checkout(scope, token, card("tok_requires_action"))
    resume_checkout(scope, token, {"outcome": outcome})


def pay_twice(scope: TenantScope, token: str) -> None:
    complete_checkout(scope, token, card("tok_requires_action"))
    complete_checkout(scope, token, APPROVED)


WAYS: dict[str, Callable[[TenantScope, str], None]] = {
    "approved": partial(pay, APPROVED),
    "declined": partial(pay, card("tok_declined")),
    "answer lost": partial(pay, card("tok_lost_answer")),
    "extra step approved": partial(pay_after_step, "approve"),
    "extra step declined": partial(pay_after_step, "decline"),
    "second card during the step": pay_twice,
    "manual": partial(pay, {"type": "manual"}),
}


def net_charges(scope: TenantScope, checkout_id: int) -> list[int]:
    """Return what the gateway captured for a checkout and has not given back, one number for each charge."""
    ledger, prefix = Gateway.ledger(), f"souk-{scope.tenant_id}-{checkout_id}-"
    found = [ledger.find(key) for key in ledger.keys(prefix)]
    return [charge.captured - charge.refunded for charge in found if charge and charge.captured > charge.refunded]


def orders_of(scope: TenantScope, checkout_id: int) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(func.count(Order.id)).where(Order.checkout_id == checkout_id)).scalar_one()


def die_and_sweep(
    scope: TenantScope, way: str, kill_at: int | None, after: timedelta, *, statements: bool
) -> list[str]:
    """Kill one buyer and sweep; fail unless what is left is whole. Returns the points of a process that lived."""
    manual = way == "manual"
    variant_id = variant(scope, 5)
    token = ready_checkout(scope, [(variant_id, QUANTITY)])
    with transaction(scope) as session:
        checkout_id = int(checkout_by_token(session, token).id)
    outcome = run_killed(partial(WAYS[way], scope, token), kill_at, statements=statements)

    with clock.frozen(clock.now() + after):
        sweep_checkouts(scope)
        swept = _state(scope, token, variant_id, checkout_id)
        place = f"{way}, killed at point {kill_at}, swept after {after}"
        assert swept in {
            ("completed", (5, QUANTITY, 0), 1, () if manual else (TOTAL,)),
            ("open", (5, 0, 0), 0, ()),
            # A buyer may still be at the extra step: the goods are held for them and nothing is charged.
            *([("completing", (5, 0, QUANTITY), 0, ())] if after < LATE else []),
        }, f"{place}: {swept}"
        complete_checkout(scope, token, {"type": "manual"} if manual else APPROVED)
    assert _state(scope, token, variant_id, checkout_id) == (
        "completed", (5, QUANTITY, 0), 1, () if manual else (TOTAL,),
    ), place  # fmt: skip
    return outcome.points


def _state(
    scope: TenantScope, token: str, variant_id: int, checkout_id: int
) -> tuple[str, tuple[int, int, int], int, tuple[int, ...]]:
    with transaction(scope) as session:
        assert audit(session) == []
        status, numbers = read_checkout(session, token).status, stock(session, variant_id)
    return status, numbers, orders_of(scope, checkout_id), tuple(net_charges(scope, checkout_id))


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "after", [pytest.param(SOON, id="soon"), pytest.param(LATE, id="late", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("way", WAYS)
def test_death_between_any_two_phases_is_finished_or_released(shop: TenantScope, way: str, after: timedelta) -> None:
    points = die_and_sweep(shop, way, None, after, statements=False)

    assert len(points) >= FEWEST_POINTS
    for number in range(len(points)):
        die_and_sweep(shop, way, number, after, statements=False)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", WAYS)
def test_death_before_any_statement_is_finished_or_released(shop: TenantScope, way: str) -> None:
    points = die_and_sweep(shop, way, None, LATE, statements=True)

    assert len(points) > 4 * FEWEST_POINTS
    for number in range(len(points)):
        die_and_sweep(shop, way, number, LATE, statements=True)
