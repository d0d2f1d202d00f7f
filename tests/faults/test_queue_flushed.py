"""Two web processes hold one queue while Redis forgets everything: nobody loses a place, nobody passes another."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select, update

from souk.checkout.admission.models import AdmissionTicket
from souk.checkout.admission.policy import Admission, save_admission
from souk.kernel import clock
from souk.kernel.connections import redis_of
from souk.kernel.db import transaction
from tests.faults.test_redis_flushed import own_redis, web
from tests.fixtures.apps import app, store
from tests.fixtures.stores import Store

__all__ = ["app", "own_redis", "store", "web"]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
BUYERS = 8


def inside(answer: httpx.Response) -> bool:
    return re.fullmatch(r"/checkout/[\w-]{20,}", answer.headers.get("location", "")) is not None


def test_a_flush_in_the_middle_moves_nobody(web: str, store: Store) -> None:
    with transaction(store.scope) as session:
        save_admission(session, Admission(limit=1))
    buyers = [httpx.Client(base_url=web, headers={"Host": store.host}, timeout=30) for _ in range(BUYERS)]
    for client in buyers:
        added = client.post("/cart/add", data={"id": str(store.variants["Oak Bowl"][0])})
        assert (added.status_code, "souk_cart" in client.cookies) == (303, True)
    # Each asks twice, over connections of its own, so that either process has answered for every ticket.
    first = [client.get("/checkout") for client in buyers]
    assert [inside(answer) for answer in first] == [True] + [False] * (BUYERS - 1)

    came_in = [0]
    for number in range(1, BUYERS):
        redis_of(store.scope.pod).flushall()
        with transaction(store.scope) as session:
            now = select(AdmissionTicket.id).where(AdmissionTicket.status == "admitted")
            session.execute(update(AdmissionTicket).where(AdmissionTicket.id.in_(now)).values(expires_at=clock.now()))
        # The last of the line looks first each time.
        waiting = [one for one in range(BUYERS) if one not in came_in][::-1]
        answers = {one: inside(buyers[one].get("/checkout")) for one in waiting}
        came_in += [one for one, came in answers.items() if came]
        assert len(came_in) == number + 1

    assert came_in == list(range(BUYERS))
    for client in buyers:
        client.close()
