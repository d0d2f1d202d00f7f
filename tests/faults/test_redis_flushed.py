"""Redis forgets everything again and again while a web process sells: no event is lost."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest
from flask import Flask
from sqlalchemy import select

from cli.services.redis import Redis
from souk.inventory.audit import audit
from souk.kernel import connections
from souk.kernel.config import config
from souk.kernel.connections import redis_of
from souk.kernel.db import transaction
from souk.notifications.models import MailMessage
from tests.benchmarks.running import free_port
from tests.faults.processes import make_due, running, wait_until, waiting
from tests.fixtures.apps import app, store
from tests.fixtures.stores import ADDRESS, Store

__all__ = ["app", "store"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
SECONDS, FLUSH_EVERY, BUYERS = 10.0, 0.4, 4
UNITS, CROWD = 50, 200


@pytest.fixture(scope="module")
def own_redis(platform: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Flushing it must not take anything from tests beside this one."""
    redis, before = Redis(tmp_path_factory.mktemp("redis") / "redis"), os.environ["REDIS_URL"]
    redis.start()
    os.environ["REDIS_URL"] = redis.url
    config.cache_clear()
    connections.dispose()
    yield
    os.environ["REDIS_URL"] = before
    config.cache_clear()
    connections.dispose()
    redis.stop()


@pytest.fixture(scope="module")
def web(own_redis: None, app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web server and both workers as `souk up` starts them; yields the server's address."""
    port, logs = free_port(), tmp_path_factory.mktemp("logs")
    server = ("-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1", "--port", str(port))
    with (
        running(*server, "--workers", "2", "--blocking-threads", "8", "wsgi:app", log=logs / "web.log"),
        running("-m", "cli.main", "worker", log=logs / "worker.log"),
        running("-m", "cli.main", "worker", "--queue", "long", log=logs / "worker-long.log"),
    ):
        wait_until(lambda: _answers(port), "the start of the web server")
        yield f"http://127.0.0.1:{port}"


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", headers={"Host": "souk.test"}).status_code == 200
    except httpx.HTTPError:
        return False


def buyer(web: str, store: Store) -> httpx.Client:
    token = store.new_user()["token"]
    headers = {"Host": store.host, "Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=web, headers=headers, timeout=60)


def order(client: httpx.Client, variant_id: int) -> httpx.Response:
    body = {
        "items": [{"variant_id": f"variant_{variant_id}", "quantity": 1}],
        "shipping_address": ADDRESS,
        "payment_method": {"type": "test", "token": "tok_approved"},
    }
    return client.post("/api/v1/orders", json=body)


def test_every_order_has_its_mail_though_redis_forgot(web: str, store: Store) -> None:
    from souk.inventory.adjust import set_on_hand

    variant_id = store.variants["Oak Bowl"][0]
    with transaction(store.scope) as session:
        set_on_hand(session, variant_id, None, 100_000, "count", "staff:1")
    clients, stop = [buyer(web, store) for _ in range(BUYERS)], time.monotonic() + SECONDS

    def buy(client: httpx.Client) -> list[int]:
        placed = []
        while time.monotonic() < stop:
            answer = order(client, variant_id)
            assert answer.status_code == 201, answer.text
            placed.append(int(answer.json()["order_id"].removeprefix("order_")))
        return placed

    flushes = threading.Thread(target=_flush_until, args=(stop,))
    flushes.start()
    with ThreadPoolExecutor(BUYERS) as pool:
        placed = [number for numbers in pool.map(buy, clients) for number in numbers]
    flushes.join()

    wait_until(partial(_delivered, store.scope.tenant_id), "the end of all deliveries")
    with transaction(store.scope, read_only=True) as session:
        kinds = select(MailMessage.order_id, MailMessage.kind).where(MailMessage.order_id.in_(placed))
        confirmed = sorted(row.order_id for row in session.execute(kinds) if row.kind == "order_placed")
    assert len(placed) > BUYERS
    assert confirmed == sorted(placed)


def _flush_until(stop: float) -> None:
    while time.monotonic() < stop:
        redis_of().flushall()
        time.sleep(FLUSH_EVERY)


def _delivered(tenant_id: int) -> bool:
    make_due()
    time.sleep(0.5)
    return waiting(tenant_id) == (0, 0)


def test_two_hundred_buyers_get_fifty_units(web: str, store: Store) -> None:
    from souk.inventory.adjust import set_on_hand

    variant_id = store.variants["Linen Shirt"][0]
    with transaction(store.scope) as session:
        set_on_hand(session, variant_id, None, UNITS, "count", "staff:1")
    clients = [buyer(web, store) for _ in range(10)]
    begin = threading.Barrier(CROWD)

    def buy(number: int) -> httpx.Response:
        begin.wait()
        return order(clients[number % len(clients)], variant_id)

    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(buy, range(CROWD)))

    placed = [answer for answer in answers if answer.status_code == 201]
    refused = {(answer.status_code, answer.json()["code"]) for answer in answers if answer.status_code != 201}
    assert (len(placed), refused) == (UNITS, {(409, "out_of_stock")})
    assert len({answer.json()["order_id"] for answer in placed}) == UNITS
    assert store.stock(variant_id) == (UNITS, UNITS, 0)
    with transaction(store.scope) as session:
        assert audit(session) == []
