"""A Stripe that loses answers, repeats its messages and sends them in any order: every checkout ends right.

One thousand buyers, each with a card of another kind; nobody pays twice, nobody pays without an order.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.enablement import enable
from plugins.loader import plugins
from souk.checkout.complete import complete_checkout
from souk.checkout.notified import consume, take_notice
from souk.checkout.sweep import sweep_checkouts
from souk.inventory.audit import audit
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import Job
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order
from souk.payments.models import PaymentSession
from souk.payments.provider import account_of, installed
from tests.doubles.stripe import StripeDouble, money, stripe_double
from tests.factories.commerce import open_for_business, ready_checkout
from tests.inventory.stocking import variant
from tests.payments.stripe_world import SECRET, own_keys

CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined", "pm_card_authenticationRequired")
TOTAL = 1_650
THREADS = 8


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeDouble]:
    with stripe_double() as running:
        monkeypatch.setenv("STRIPE_API_BASE", running.url)
        yield running
        assert running.refused == []


def buy(scope: TenantScope, token: str, card: str) -> None:
    # A refusal, or an answer that did not come, is how some of them end for now.
    with suppress(SoukError):
        complete_checkout(scope, token, {"type": "stripe", "token": card}, return_url="https://shop.example/")


def confirm_at_the_bank(double: StripeDouble, chance: random.Random) -> None:
    """Half of the buyers confirm their extra step, a quarter fail, a quarter go away."""
    for intent in double.store.of("payment_intent", status="requires_action"):
        draw = chance.random()
        if draw < 0.5:
            money.pay(double.store, intent)
        elif draw < 0.75:
            money.decline(double.store, intent, "authentication")


def deliver(scope: TenantScope, double: StripeDouble, chance: random.Random) -> int:
    """Send every event once or twice, in any order and several at once; some jobs run again."""
    sent = [(event, chance.random() < 0.2) for event in double.store.events for _ in range(chance.randint(1, 2))]
    chance.shuffle(sent)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda one: _receive(scope, double, *one), sent))
    return len(sent)


def _receive(scope: TenantScope, double: StripeDouble, event: Any, again: bool) -> None:  # noqa: FBT001
    with transaction(scope, read_only=True) as session:
        account = account_of(session, "stripe")
    for notice in installed("stripe").webhook(account, *double.signed(event, SECRET)):
        with transaction(scope) as session:
            fresh = take_notice(session, "stripe", notice)
        for _ in range(fresh + again):
            _work(scope, notice.kind, notice.key)


def _work(scope: TenantScope, kind: str, key: str) -> None:
    # Delivery 0 does not exist: the end of the job is refused after its work is done, as for a repeated one.
    with suppress(Exception):
        consume(Job(0, scope, Event("payment.notified", 0, {"provider": "stripe", "kind": kind, "key": key})))


def sweep_until_quiet(scope: TenantScope) -> None:
    for minutes in (3, 6, 40, 45):
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            report = sweep_checkouts(scope)
            while report.finished + report.failed + report.unfinished >= 100:
                report = sweep_checkouts(scope)


def ledger(double: StripeDouble, scope: TenantScope) -> dict[str, int]:
    """Return checkout -> what Stripe kept of its buyer's money, summed over all charges."""
    kept: Counter[str] = Counter()
    for charge in double.store.of("charge"):
        key = str(charge["metadata"]["souk_key"])
        assert key.startswith(f"souk-{scope.tenant_id}-")
        kept[key.split("-")[2]] += charge["amount_captured"] - charge["amount_refunded"]
    return {checkout: amount for checkout, amount in kept.items() if amount}


def orders(scope: TenantScope) -> dict[str, Any]:
    with transaction(scope, read_only=True) as session:
        rows = session.execute(select(Order.checkout_id, Order.financial_status, Order.total))
        return {str(row.checkout_id): row for row in rows}


def storm(scope: TenantScope, double: StripeDouble, buyers: int, seed: int) -> None:
    chance = random.Random(seed)
    plugins()
    open_for_business(scope)
    with transaction(scope) as session:
        enable(session, "stripe", enabled=True, settings=own_keys(scope.tenant_id).settings)
    variant_id = variant(scope, buyers * 2)
    tokens = [ready_checkout(scope, [(variant_id, 1)]) for _ in range(buyers)]
    cards = [chance.choice(CARDS) for _ in tokens]
    double.faults.lose_rate = 0.15

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda pair: buy(scope, *pair), zip(tokens, cards, strict=True)))
    confirm_at_the_bank(double, chance)
    sent = deliver(scope, double, chance)
    double.faults.lose_rate = 0
    sweep_until_quiet(scope)
    deliver(scope, double, chance)

    assert sent > buyers
    found = orders(scope)
    assert ledger(double, scope) == dict.fromkeys(found, TOTAL)
    assert {(row.financial_status, row.total) for row in found.values()} == {("paid", TOTAL)}
    assert buyers * 0.4 < len(found) < buyers
    with transaction(scope, read_only=True) as session:
        open_attempts = select(PaymentSession.id).where(PaymentSession.status.in_(["pending", "requires_action"]))
        assert session.execute(open_attempts).all() == []
        assert audit(session) == []
    held = [
        one for one in double.store.of("payment_intent") if one["status"] in {"requires_capture", "requires_action"}
    ]
    assert held == []


@pytest.mark.timeout(300)
def test_a_few_checkouts_end_right(shop: TenantScope, double: StripeDouble) -> None:
    storm(shop, double, 20, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_a_thousand_checkouts_end_right(other_shop: TenantScope, double: StripeDouble) -> None:
    storm(other_shop, double, 1_000, seed=2)
