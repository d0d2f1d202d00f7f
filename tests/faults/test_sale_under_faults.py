"""64 buyers and 500 units while processes are killed, Postgres is restarted and Redis is flushed: 500 orders."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cli.services.postgres import Postgres
from cli.services.redis import Redis
from souk.checkout.sweep import sweep_checkouts
from souk.inventory.audit import audit
from souk.inventory.models import InventoryMovement
from souk.inventory.temperature import cool
from souk.kernel import clock, connections
from souk.kernel.config import config
from souk.kernel.connections import redis_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.models import Order
from tenants import resolve
from tenants.bootstrap import bootstrap
from tests.factories.commerce import open_for_business
from tests.faults.crowd import buy_until_sold_out
from tests.faults.processes import kill, running
from tests.faults.test_checkout_phases import net_charges
from tests.fixtures.shops import make_shop
from tests.inventory.stocking import level, variant

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
UNITS, PROCESSES, BUYERS_EACH = 500, 4, 16
KILLS, RESTARTS = 6, 2
FAULT_EVERY = 1.5


@pytest.fixture
def own_stores(tmp_path: Path) -> Iterator[Postgres]:
    """A durable Postgres and a Redis of this test's own, which it may restart and flush."""
    postgres, redis, before = Postgres(tmp_path / "pg" / "postgres"), Redis(tmp_path / "pg" / "redis"), dict(os.environ)
    postgres.start()
    redis.start()
    os.environ.update(
        DATABASE_ADMIN_URL=postgres.dsn,
        DATABASE_URL=postgres.url,
        REDIS_URL=redis.url,
        SOUK_HOME=str(tmp_path / "home"),
        SOUK_BASE_DOMAIN="souk.test",
        SOUK_SECRET_KEY="tests only",
    )
    _forget()
    bootstrap()
    yield postgres
    os.environ.clear()
    os.environ.update(before)
    _forget()
    redis.stop()
    postgres.stop()


def _forget() -> None:
    config.cache_clear()
    connections.dispose()
    resolve._cache.clear()


@pytest.mark.parametrize("hot", [False, True], ids=["ordinary", "hot"])
def test_a_sale_under_faults_sells_every_unit_once(own_stores: Postgres, tmp_path: Path, *, hot: bool) -> None:
    scope = make_shop()
    open_for_business(scope)
    variant_id, told = variant(scope, UNITS, hot=hot), tmp_path / "told"

    _sell_among_faults(own_stores, scope, variant_id, told)
    _let_go(scope)
    file = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    buy_until_sold_out(scope, variant_id, file)
    _let_go(scope)

    with transaction(scope) as session:
        if hot:
            cool(session, level(scope, variant_id).id)
    orders = _orders(scope)
    promised = {int(line) for line in told.read_text().split()}
    after = level(scope, variant_id)
    assert len(orders) == UNITS
    assert promised <= set(orders)
    assert (after.on_hand, after.committed, after.reserved) == (UNITS, UNITS, 0)
    assert [one for checkout_id in orders.values() for one in net_charges(scope, checkout_id)] == [
        _total(scope)
    ] * UNITS
    with transaction(scope) as session:
        allocated = select(func.sum(InventoryMovement.quantity)).where(InventoryMovement.kind == "allocated")
        assert session.execute(allocated).scalar_one() == UNITS
        assert audit(session) == []


def _sell_among_faults(postgres: Postgres, scope: TenantScope, variant_id: int, told: Path) -> None:
    words = ("-m", "tests.faults.crowd", str(scope.tenant_id), str(variant_id), str(BUYERS_EACH), str(told))
    faults = ["kill"] * KILLS + ["restart"] * RESTARTS + ["flush"] * RESTARTS
    random.Random(11).shuffle(faults)
    with ExitStack() as stack:
        log = told.with_suffix(".log")
        crowd = [stack.enter_context(running(*words, log=log)) for _ in range(PROCESSES)]
        while any(process.poll() is None for process in crowd):
            time.sleep(FAULT_EVERY)
            fault = faults.pop() if faults else ""
            if fault == "kill":
                kill(crowd[len(faults) % PROCESSES])
                crowd[len(faults) % PROCESSES] = stack.enter_context(running(*words, log=log))
            elif fault == "restart":
                _crash(postgres)
            elif fault == "flush":
                redis_of().flushall()


def _crash(postgres: Postgres) -> None:
    """Stop the server at once, without a word to its clients, and start it again: it recovers from its log."""
    assert postgres.child is not None
    os.kill(postgres.child.pid, signal.SIGQUIT)
    while postgres.child.running:
        time.sleep(0.05)
    postgres.start()
    connections.dispose()


def _let_go(scope: TenantScope) -> None:
    """Let the time pass after which the sweep ends what dead processes began."""
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        for _ in range(UNITS // 100 + 1):
            sweep_checkouts(scope)


def _orders(scope: TenantScope) -> dict[int, int]:
    """Return order -> checkout."""
    with transaction(scope, read_only=True) as session:
        return {row.id: row.checkout_id or 0 for row in session.execute(select(Order.id, Order.checkout_id))}


def _total(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Order.total).limit(1)).scalar_one()
