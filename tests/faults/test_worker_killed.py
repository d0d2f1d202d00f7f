"""A worker that dies in the middle of a job: what the job does is done once."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from souk.content.models import Redirect
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope
from souk.worker import consumers
from souk.worker.deliver import deliver
from tests.faults.processes import kill, make_due, running, wait_until, waiting

WORKER = ("-m", "tests.faults.pausing_worker")


def effects(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(func.count(Redirect.id))).scalar_one()


def place_order(scope: TenantScope) -> None:
    with transaction(scope) as session:
        publish(session, Event("order.placed", 7))


def deliveries(scope: TenantScope) -> list[int]:
    with admin_connection("default") as admin:
        rows = admin.execute("SELECT id FROM pod.deliveries WHERE tenant_id = %s", (scope.tenant_id,)).fetchall()
    return [row[0] for row in rows]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("moment", "effects_at_death"), [("inside", 0), ("after", 1)])
def test_a_job_whose_worker_was_killed_has_its_effect_once(
    shop: TenantScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, effects_at_death: int
) -> None:
    before = effects(shop)
    with running(*WORKER, str(tmp_path), moment, log=tmp_path / "worker.log") as worker:
        place_order(shop)
        wait_until((tmp_path / "paused").exists, "the middle of the job")
        kill(worker)
    at_death = effects(shop) - before
    make_due()

    with running(*WORKER, str(tmp_path), "never", log=tmp_path / "worker.log"):
        wait_until(lambda: waiting(shop.tenant_id) == (0, 0), "the end of the delivery")

    assert _run_again(shop, monkeypatch) == []
    assert at_death == effects_at_death
    assert effects(shop) - before == 1


def _run_again(scope: TenantScope, patch: pytest.MonkeyPatch) -> list[int]:
    """Do what the queue does with a job that its dead worker had in hand; return what reached the consumer."""
    reached: list[int] = []
    patch.setattr(consumers, "_consumers", {})
    consumers.register("order.placed", "pausing", lambda job: reached.append(job.delivery_id))
    for delivery_id in deliveries(scope):
        deliver("default", delivery_id)
    return reached
