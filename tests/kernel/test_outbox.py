"""An event exists exactly when its transaction committed, and a delivery takes effect once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select

from souk.kernel.db import transaction
from souk.kernel.events import Event, UnknownEvent
from souk.kernel.models import Delivery, OutboxEvent
from souk.kernel.outbox import AlreadyDelivered, Job, once, publish
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope, pod_scope


def _events(scope: TenantScope, name: str) -> list[int]:
    query = select(OutboxEvent.subject_id).where(OutboxEvent.tenant_id == scope.tenant_id, OutboxEvent.name == name)
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        return list(session.execute(query).scalars())


def _job(scope: TenantScope) -> Job:
    with transaction(scope) as session:
        publish(session, Event("collection.updated", 1))
    with transaction(pod_scope(scope.pod)) as session:
        outbox_id = (
            session.execute(
                select(OutboxEvent.id).where(OutboxEvent.tenant_id == scope.tenant_id).order_by(OutboxEvent.id.desc())
            )
            .scalars()
            .first()
        )
        row = insert(Delivery).values(outbox_id=outbox_id, tenant_id=scope.tenant_id, consumer="test")
        delivery_id = session.execute(row.returning(Delivery.id)).scalar_one()
    return Job(delivery_id, scope, Event("collection.updated", 1))


def test_an_event_lives_and_dies_with_its_transaction(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        publish(session, Event("order.placed", 5, {"number": 1001}))
    with pytest.raises(RuntimeError), transaction(shop) as session:
        publish(session, Event("order.placed", 6))
        raise RuntimeError

    assert _events(shop, "order.placed") == [5]
    assert _events(other_shop, "order.placed") == []


def test_an_event_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(UnknownEvent, match="add it to souk.kernel.events.CATALOGUE"):
        Event("order.exploded", 1)


def test_a_delivery_runs_once(shop: TenantScope) -> None:
    job = _job(shop)

    with once(job) as session:
        write_setting(session, "effect", {"times": read_setting(session, "effect").get("times", 0) + 1})
    with pytest.raises(AlreadyDelivered), once(job) as session:
        write_setting(session, "effect", {"times": 99})

    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "effect") == {"times": 1}


def test_a_failed_effect_leaves_the_delivery_pending(shop: TenantScope) -> None:
    job = _job(shop)

    with pytest.raises(RuntimeError), once(job):
        raise RuntimeError

    with once(job) as session:
        write_setting(session, "second-try", {"done": True})
    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "second-try") == {"done": True}


def test_two_runners_at_once_have_one_effect(shop: TenantScope) -> None:
    job = _job(shop)

    def run(number: int) -> str:
        try:
            with once(job) as session:
                write_setting(session, f"runner-{number}", {"ran": True})
        except AlreadyDelivered:
            return "nothing to do"
        return "done"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(run, range(8)))

    assert sorted(results) == ["done"] + ["nothing to do"] * 7


def test_a_shop_cannot_end_anothers_delivery(shop: TenantScope, other_shop: TenantScope) -> None:
    job = _job(shop)
    stolen = Job(job.delivery_id, other_shop, job.event)

    with pytest.raises(AlreadyDelivered), once(stolen):
        pass

    with once(job):
        pass
