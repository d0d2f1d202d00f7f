"""Long work has a thread of its own, and a second hand-out of work in hand does nothing."""

from __future__ import annotations

import threading

from souk.kernel.events import Event
from souk.kernel.outbox import Job
from souk.kernel.tenancy import tenant_scope
from souk.worker.bulk import Bulk


def job(number: int) -> Job:
    return Job(number, tenant_scope(1), Event("import.requested", number))


def test_work_is_done_at_once_before_the_thread_is_started() -> None:
    done: list[int] = []

    Bulk().consumer(lambda each: done.append(each.delivery_id))(job(7))

    assert done == [7]


def test_the_caller_does_not_wait_and_a_repeated_hand_out_does_nothing() -> None:
    bulk = Bulk()
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()
    done: list[int] = []

    def work(each: Job) -> None:
        begun.set()
        assert go_on.wait(10)
        done.append(each.delivery_id)
        if each.delivery_id == 2:
            ended.set()

    consumer = bulk.consumer(work)
    bulk.start()
    consumer(job(1))
    assert begun.wait(10)
    consumer(job(1))
    consumer(job(2))
    assert done == []
    go_on.set()

    assert ended.wait(10)
    assert done == [1, 2]
