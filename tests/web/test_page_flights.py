from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from souk.web.page_cache import flights
from souk.web.page_cache.flights import Flights


def test_one_makes_the_page_and_the_others_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "PATIENCE_SECONDS", 30)
    shared, asking = Flights(), threading.Semaphore(0)

    def ask() -> bool:
        asking.release()
        with shared.share("page") as first:
            return first

    with ThreadPoolExecutor(3) as pool:
        with shared.share("page"):
            answers = [pool.submit(ask) for _ in range(3)]
            for _ in answers:
                asking.acquire(timeout=10)
            finished, waiting = wait(answers, timeout=0.2)
        landed = [each.result(10) for each in answers]

    assert (len(finished), len(waiting)) == (0, 3)
    assert landed == [False, False, False]


def test_who_waits_in_vain_goes_on_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "PATIENCE_SECONDS", 0.01)
    shared = Flights()

    with shared.share("page") as first, ThreadPoolExecutor(1) as pool:
        other = pool.submit(lambda: shared.share("page").__enter__()).result(10)

    assert (first, other) == (True, False)


def test_pages_do_not_wait_for_each_other() -> None:
    shared = Flights()

    with shared.share("page") as first, shared.share("other page") as second:
        answers = (first, second)

    assert answers == (True, True)


def test_a_page_that_failed_is_made_by_the_next() -> None:
    shared = Flights()

    with pytest.raises(RuntimeError), shared.share("page"):
        raise RuntimeError
    with shared.share("page") as first:
        again = first

    assert again
