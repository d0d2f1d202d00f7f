"""An event reaches each consumer once, whatever Redis loses and however often a job runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import psycopg
import pytest

from cli.services.postgres import Postgres
from cli.services.redis import Redis
from migrations import chains
from souk.kernel import connections
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once, publish
from souk.kernel.tenancy import DEFAULT_POD, tenant_scope
from souk.worker import consumers, queue, run
from souk.worker.backlog import backlog, replay_failed
from souk.worker.deliver import ATTEMPTS, deliver
from souk.worker.relay import relay, sweep
from souk.worker.run import run_worker


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    home = tmp_path_factory.mktemp("worker")
    postgres, redis = Postgres(home / "postgres", durable=False), Redis(home / "redis")
    postgres.start()
    redis.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DATABASE_URL", postgres.url)
        patch.setitem(os.environ, "REDIS_URL", redis.url)
        forget_connections()
        make_pod(postgres.dsn)
        yield postgres
    forget_connections()
    redis.stop()
    postgres.stop()


def forget_connections() -> None:
    connections.dispose()
    config.cache_clear()


def make_pod(dsn: str) -> None:
    with psycopg.connect(dsn) as owner:
        owner.execute("CREATE SCHEMA pod")
        owner.execute("CREATE SCHEMA s_1")
        owner.execute(chains.ddl("pod").encode())
        for role in (b"souk_control", b"r_1"):
            owner.execute(b"CREATE ROLE " + role)
            owner.execute(b"GRANT " + role + b" TO souk_app WITH INHERIT FALSE, SET TRUE")
            owner.execute(b"GRANT USAGE ON SCHEMA pod, s_1 TO " + role)
            owner.execute(b"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA pod TO " + role)


@pytest.fixture
def heard(stores: Postgres, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The subjects that the consumer `listener` of order.placed had an effect for."""
    with psycopg.connect(stores.dsn) as owner:
        owner.execute("TRUNCATE pod.outbox, pod.deliveries RESTART IDENTITY")
    subjects: list[int] = []

    def listener(job: Job) -> None:
        with once(job):
            subjects.append(job.event.subject_id)

    monkeypatch.setattr(consumers, "_consumers", {})
    consumers.register("order.placed", "listener", listener)
    return subjects


def place_order(number: int) -> None:
    with transaction(tenant_scope(1)) as session:
        publish(session, Event("order.placed", number))


def make_due(dsn: str) -> None:
    with psycopg.connect(dsn) as owner:
        owner.execute("UPDATE pod.deliveries SET next_attempt_at = now() - interval '1 second'")


def test_the_worker_delivers_what_was_published(heard: list[int]) -> None:
    place_order(7)

    run_worker(DEFAULT_POD, burst=True)

    assert heard == [7]
    assert (backlog(DEFAULT_POD).unrelayed, backlog(DEFAULT_POD).as_rows()) == (0, [])


def test_a_job_that_runs_twice_has_its_effect_once(heard: list[int]) -> None:
    place_order(8)
    (delivery,) = relay(DEFAULT_POD)

    deliver(DEFAULT_POD, delivery)
    deliver(DEFAULT_POD, delivery)

    assert heard == [8]


def test_a_flushed_redis_loses_no_event(heard: list[int], stores: Postgres) -> None:
    place_order(9)
    connection = queue.connect(DEFAULT_POD)
    queue.enqueue(queue.queue_on(connection), DEFAULT_POD, relay(DEFAULT_POD))
    connection.flushall()
    run_worker(DEFAULT_POD, burst=True)
    assert heard == []

    make_due(stores.dsn)
    queue.enqueue(queue.queue_on(connection), DEFAULT_POD, sweep(DEFAULT_POD))
    run_worker(DEFAULT_POD, burst=True)

    assert heard == [9]


def test_what_waits_in_a_long_queue_is_not_handed_out_twice(
    heard: list[int], stores: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH", 1)
    place_order(11)
    jobs = queue.queue_on(queue.connect(DEFAULT_POD))
    queue.enqueue(jobs, DEFAULT_POD, relay(DEFAULT_POD))
    make_due(stores.dsn)

    while_long = run.hand_out_overdue(jobs, DEFAULT_POD)
    jobs.empty()  # type: ignore[no-untyped-call]
    once_lost = run.hand_out_overdue(jobs, DEFAULT_POD)
    waiting = jobs.count
    run_worker(DEFAULT_POD, burst=True)

    assert (while_long, once_lost, waiting) == (0, 1, 1)
    assert heard == [11]


def test_long_work_waits_in_a_queue_of_its_own(heard: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(job: Job) -> None:
        with once(job):
            heard.append(-job.event.subject_id)

    consumers.register("order.placed", "slow", slow, long=consumers.always)
    prompt, long = (queue.queue_on(queue.connect(DEFAULT_POD), name) for name in queue.QUEUES)
    for number in (12, 13):
        place_order(number)
    queue.enqueue(prompt, DEFAULT_POD, relay(DEFAULT_POD))
    waiting = (prompt.count, long.count)
    monkeypatch.setattr(queue, "MOST_LONG", 2)
    place_order(14)
    queue.enqueue(prompt, DEFAULT_POD, relay(DEFAULT_POD))
    beyond = (prompt.count, long.count)

    run_worker(DEFAULT_POD, burst=True)

    # Prompt deliveries of one relay share a job.
    assert (waiting, beyond) == ((1, 2), (2, 2))
    # The third one's long delivery keeps its row, which the sweeper hands out again.
    assert sorted(heard) == [-13, -12, 12, 13, 14]
    assert [(row["consumer"], row["pending"]) for row in backlog(DEFAULT_POD).as_rows()] == [("slow", 1)]


def test_a_failing_consumer_stops_no_other_and_ends_as_failed(heard: list[int]) -> None:
    def broken(job: Job) -> None:
        raise ValueError("the printer is on fire")

    consumers.register("order.placed", "broken", broken)
    place_order(10)
    made = relay(DEFAULT_POD)

    for delivery in made * ATTEMPTS:
        deliver(DEFAULT_POD, delivery)

    assert heard == [10]
    expected = {
        "consumer": "broken",
        "pending": 0,
        "failed": 1,
        "last_error": "ValueError: the printer is on fire",
    }
    assert backlog(DEFAULT_POD).as_rows() == [expected]
    assert replay_failed(DEFAULT_POD, "listener") == 0
    assert replay_failed(DEFAULT_POD, "broken") == 1


def test_a_consumer_that_hangs_takes_no_time_of_the_next(heard: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(job: Job) -> None:
        time.sleep(30)

    monkeypatch.setattr(queue, "TIMEOUT_SECONDS", 1)
    consumers.register("order.canceled", "hangs", hangs)
    with transaction(tenant_scope(1)) as session:
        publish(session, Event("order.canceled", 15))
    place_order(15)
    started = time.monotonic()

    run_worker(DEFAULT_POD, burst=True)

    assert (heard, time.monotonic() - started < 20) == ([15], True)
    assert [(row["consumer"], row["pending"]) for row in backlog(DEFAULT_POD).as_rows()] == [("hangs", 1)]


def test_two_relays_share_the_rows(heard: list[int], stores: Postgres) -> None:
    place_order(11)
    place_order(12)

    with psycopg.connect(stores.dsn) as other:
        other.execute("SELECT id FROM pod.outbox WHERE subject_id = 11 FOR UPDATE")
        made_beside = relay(DEFAULT_POD)
    made_after = relay(DEFAULT_POD)

    assert (len(made_beside), len(made_after)) == (1, 1)
