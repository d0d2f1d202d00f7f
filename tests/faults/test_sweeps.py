"""Refunds and voids that a silent provider left behind are carried out by the sweep, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.complete import complete_checkout
from souk.checkout.queries import checkout_by_token
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.cancel import cancel_order
from souk.orders.models import Order, Refund
from souk.orders.refund import refund_order, sweep_refunds
from souk.orders.void import sweep_voids
from souk.payments.errors import ProviderUnreachable
from souk.payments.models import PaymentTransaction
from souk.payments.values import Payment
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.faults.test_checkout_phases import net_charges
from tests.inventory.stocking import variant

LATER = timedelta(minutes=3)
PAID = 1_650


@pytest.fixture(scope="module", autouse=True)
def selling(shop: TenantScope, other_shop: TenantScope) -> None:
    open_for_business(shop)
    open_for_business(other_shop)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let the gateway do what it is asked and lose every answer, until the patch is undone."""

    def after(name: str) -> Any:
        call = getattr(Gateway, name)

        def deaf(*args: Any, **options: Any) -> Any:
            call(*args, **options)
            raise ProviderUnreachable("test_gateway")

        return deaf

    for name in ("capture", "refund", "cancel"):
        monkeypatch.setattr(Gateway, name, after(name))
    return monkeypatch


def buy(scope: TenantScope, method: dict[str, str]) -> tuple[int, int]:
    """Return (order, checkout)."""
    token = ready_checkout(scope, [(variant(scope, 5), 1)])
    done = complete_checkout(scope, token, method)
    with transaction(scope) as session:
        return done.order_id or 0, int(checkout_by_token(session, token).id)


def refunds(scope: TenantScope, order_id: int) -> list[tuple[str, int]]:
    with transaction(scope, read_only=True) as session:
        rows = session.execute(select(Refund.status, Refund.amount).where(Refund.order_id == order_id))
        return [(row.status, row.amount) for row in rows]


def financial_status(scope: TenantScope, order_id: int) -> str:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Order.financial_status).where(Order.id == order_id)).scalar_one()


def test_a_refund_whose_answer_was_lost_moves_once(
    shop: TenantScope, other_shop: TenantScope, silent: pytest.MonkeyPatch
) -> None:
    order_id, checkout_id = buy(shop, APPROVED)
    pending = refund_order(shop, order_id, 650, [], "broken", "staff:1", "once")
    silent.undo()

    with clock.frozen(clock.now() + LATER):
        tried = [sweep_refunds(other_shop), sweep_refunds(shop), sweep_refunds(shop)]

    assert pending.status == "pending"
    assert tried == [0, 1, 0]
    assert refunds(shop, order_id) == [("succeeded", 650)]
    assert net_charges(shop, checkout_id) == [PAID - 650]
    assert financial_status(shop, order_id) == "partially_refunded"


def test_a_fresh_refund_is_left_to_whoever_is_at_it(shop: TenantScope, silent: pytest.MonkeyPatch) -> None:
    order_id, _ = buy(shop, APPROVED)
    refund_order(shop, order_id, 650, [], "broken", "staff:1", "fresh")
    silent.undo()

    assert sweep_refunds(shop) == 0
    assert refunds(shop, order_id) == [("pending", 650)]
    with clock.frozen(clock.now() + LATER):
        assert sweep_refunds(shop) == 1


def test_a_refused_refund_does_not_stop_the_others(
    shop: TenantScope, silent: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [buy(shop, APPROVED)[0] for _ in range(2)]
    for order_id in orders:
        refund_order(shop, order_id, PAID, [], "broken", "staff:1", f"refused-{order_id}")
    silent.undo()
    # The bank says no to the first one only.
    first = Gateway.refund
    refused: list[str] = []

    def refund(gateway: Gateway, payment: Payment, amount: int, key: str) -> Any:
        if not refused:
            refused.append(key)
            return first(gateway, replace(payment, key="no such charge"), amount, f"{key}-refused")
        return first(gateway, payment, amount, key)

    monkeypatch.setattr(Gateway, "refund", refund)

    with clock.frozen(clock.now() + LATER):
        tried = sweep_refunds(shop)

    assert tried == 2
    assert [refunds(shop, order_id)[0][0] for order_id in orders] == ["failed", "succeeded"]


def test_a_canceled_order_is_refunded_by_the_sweep(shop: TenantScope, silent: pytest.MonkeyPatch) -> None:
    order_id, checkout_id = buy(shop, APPROVED)
    cancel_order(shop, order_id, "customer", restock=True, actor="customer")
    silent.undo()

    with clock.frozen(clock.now() + LATER):
        sweep_refunds(shop)

    assert (refunds(shop, order_id), net_charges(shop, checkout_id)) == ([("succeeded", PAID)], [])
    assert financial_status(shop, order_id) == "refunded"


def test_a_promise_that_a_silent_provider_kept_is_voided_once(
    shop: TenantScope, other_shop: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.builtin.manual_payment.plugin import Manual

    order_id, _ = buy(shop, {"type": "manual"})
    with monkeypatch.context() as patch:
        patch.setattr(Manual, "cancel", _unreachable)
        cancel_order(shop, order_id, "customer", restock=True, actor="customer")
    before = financial_status(shop, order_id)

    tried = [sweep_voids(other_shop), sweep_voids(shop), sweep_voids(shop)]

    with transaction(shop, read_only=True) as session:
        voids = select(PaymentTransaction.kind).where(
            PaymentTransaction.order_id == order_id, PaymentTransaction.kind == "void"
        )
        assert session.execute(voids).scalars().all() == ["void"]
    assert (before, tried) == ("pending", [0, 1, 0])
    assert financial_status(shop, order_id) == "voided"


def _unreachable(*_args: Any) -> Any:
    raise ProviderUnreachable("manual")
