"""A process dies at any boundary of a capture, void, refund, edit or charge by Stripe, and is repeated: once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from plugins.builtin.stripe import client
from plugins.builtin.stripe.provider import Stripe
from plugins.enablement import enable
from souk.checkout.complete import complete_checkout
from souk.checkout.queries import checkout_by_token
from souk.checkout.sweep import sweep_checkouts
from souk.inventory.audit import audit
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.books.stock import promised
from souk.orders.cancel import cancel_order
from souk.orders.capture import capture_order
from souk.orders.editing.begin import begin_edit, write_edit
from souk.orders.editing.confirm import confirm_edit
from souk.orders.move_capture import sweep_captures
from souk.orders.read import read_order
from souk.orders.refund import refund_order, sweep_refunds
from souk.orders.void import sweep_voids, void_order
from souk.payments.settings import set_capture_mode
from tests.doubles.stripe import StripeDouble, stripe_double
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout, stock
from tests.faults.killing import run_killed
from tests.faults.test_checkout_phases import net_charges, orders_of
from tests.inventory.stocking import variant
from tests.payments.stripe_world import own_keys

TOTAL = 1_650
SOON, LATE = timedelta(minutes=3), timedelta(minutes=40)
Work = Callable[[TenantScope, int], object]


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)
    open_for_business(other_shop)
    with transaction(other_shop) as session:
        enable(session, "stripe", enabled=True, settings=own_keys(other_shop.tenant_id).settings)


def capture(scope: TenantScope, order_id: int, *, final: bool) -> None:
    capture_order(scope, order_id, 600, actor="staff:1", idempotency_key="killed", final=final)


def refund(scope: TenantScope, order_id: int) -> None:
    refund_order(scope, order_id, 650, [], "broken", "staff:1", f"killed-{order_id}")


def void(scope: TenantScope, order_id: int) -> None:
    void_order(scope, order_id, "staff:1")


def cancel(scope: TenantScope, order_id: int) -> None:
    cancel_order(scope, order_id, "customer", restock=True, actor="staff:1")


def edit(scope: TenantScope, order_id: int) -> None:
    """Take the only unit out: what it cost goes back, the shipping stays."""
    with transaction(scope) as session:
        begin_edit(session, order_id, "staff:1")
        line = read_order(session, order_id).lines[0].id
        version = write_edit(session, order_id, {line: 0}, []).version
    confirm_edit(scope, order_id, version, "staff:1")


# name -> (mode of capture, what is done, what is kept of the buyer's money, transactions that succeeded)
WORKS: dict[str, tuple[str, Work, list[int], list[tuple[str, int]]]] = {
    "capture": ("manual", partial(capture, final=False), [600], [("authorization", TOTAL), ("capture", 600)]),
    "final capture": (
        "manual",
        partial(capture, final=True),
        [600],
        [("authorization", TOTAL), ("capture", 600), ("void", 1_050)],
    ),
    "void": ("manual", void, [], [("authorization", TOTAL), ("void", TOTAL)]),
    "refund": ("automatic", refund, [1_000], [("sale", TOTAL), ("refund", 650)]),
    "cancel": ("manual", cancel, [], [("authorization", TOTAL), ("void", TOTAL)]),
    "cancel what is paid": ("automatic", cancel, [], [("sale", TOTAL), ("refund", TOTAL)]),
    "edit": ("automatic", edit, [550], [("sale", TOTAL), ("refund", 1_100)]),
}


def new_order(scope: TenantScope, mode: str) -> tuple[int, int]:
    """Return (order, checkout)."""
    with transaction(scope) as session:
        set_capture_mode(session, mode)
    token = ready_checkout(scope, [(variant(scope, 5), 1)])
    done = complete_checkout(scope, token, APPROVED)
    with transaction(scope) as session:
        return done.order_id or 0, int(checkout_by_token(session, token).id)


def die_and_repeat(scope: TenantScope, name: str, kill_at: int | None) -> list[str]:
    mode, work, kept, expected = WORKS[name]
    order_id, checkout_id = new_order(scope, mode)
    outcome = run_killed(partial(work, scope, order_id), kill_at)

    with clock.frozen(clock.now() + SOON):
        for sweep in (sweep_captures, sweep_refunds, sweep_voids):
            sweep(scope)
        with suppress(SoukError):
            work(scope, order_id)

    place = f"{name}, killed at point {kill_at}"
    with transaction(scope) as session:
        payments = read_order(session, order_id).payments
        assert (audit(session), promised(session, order_id)) == ([], []), place
    moved = [(row.kind, row.amount) for row in payments if row.status == "success"]
    assert (net_charges(scope, checkout_id), moved) == (kept, expected), place
    return outcome.points


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", WORKS)
def test_death_at_any_boundary_moves_the_money_once(shop: TenantScope, name: str) -> None:
    points = die_and_repeat(shop, name, None)

    assert len(points) >= 4
    for number in range(len(points)):
        die_and_repeat(shop, name, number)


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    with stripe_double() as running:
        monkeypatch.setenv("STRIPE_API_BASE", running.url)
        yield running
        assert running.refused == []


def pay(scope: TenantScope, token: str, card: str) -> None:
    # A child must not speak over the connections that its parent keeps open.
    client._client.cache_clear()
    complete_checkout(scope, token, {"type": "stripe", "token": card}, return_url="https://shop.example/")


def die_while_paying(scope: TenantScope, double: StripeDouble, card: str, lost: int, kill_at: int | None) -> list[str]:
    variant_id = variant(scope, 5)
    token = ready_checkout(scope, [(variant_id, 1)])
    with transaction(scope) as session:
        checkout_id = int(checkout_by_token(session, token).id)
    double.faults.lose = lost
    outcome = run_killed(partial(pay, scope, token, card), kill_at, provider=Stripe)
    double.faults.lose = 0

    with clock.frozen(clock.now() + LATE):
        sweep_checkouts(scope)
        assert kept_by_stripe(double, checkout_id) == TOTAL * orders_of(scope, checkout_id), f"killed at {kill_at}"
        pay(scope, token, "pm_card_visa")
    with transaction(scope) as session:
        assert (stock(session, variant_id), audit(session)) == ((5, 1, 0), []), f"killed at {kill_at}"
    assert (orders_of(scope, checkout_id), kept_by_stripe(double, checkout_id)) == (1, TOTAL), f"killed at {kill_at}"
    return outcome.points


def kept_by_stripe(double: StripeDouble, checkout_id: int) -> int:
    return sum(
        one["amount_captured"] - one["amount_refunded"]
        for one in double.store.of("charge")
        if one["metadata"]["souk_key"].split("-")[2] == str(checkout_id)
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("card", "lost"),
    [("pm_card_visa", 0), ("pm_card_visa", 4), ("pm_card_chargeDeclined", 0), ("pm_card_authenticationRequired", 0)],
)
def test_death_at_any_boundary_of_a_payment_through_stripe(
    other_shop: TenantScope, double: StripeDouble, card: str, lost: int
) -> None:
    points = die_while_paying(other_shop, double, card, lost, None)

    assert len(points) >= 6
    for number in range(len(points)):
        die_while_paying(other_shop, double, card, lost, number)
