"""The worker and what waits for it."""

from __future__ import annotations

from collections.abc import Iterator

import redis
from rq import Worker
from rq.serializers import JSONSerializer

from cli.doctor.finding import Finding, ok, warning, wrong
from plugins.pauses import pauses
from souk.kernel.db import transaction
from souk.kernel.tenancy import pod_scope
from souk.worker.backlog import backlog, oldest_wait_seconds
from souk.worker.queue import DELIVERIES, LONG, connect, queue_on
from tenants.pods import pod_names

# The relay looks once a second: what waits for a minute waits for a worker.
LATE_SECONDS = 60
STAND_STILL = {DELIVERIES: "mail, search and fulfillment", LONG: "imports, exports, pictures and new indexes"}


def check_workers() -> Iterator[Finding]:
    for name in pod_names():
        for queue_name, what in STAND_STILL.items():
            try:
                workers = Worker.all(queue=queue_on(connect(name), queue_name), serializer=JSONSerializer)
            except redis.RedisError:
                continue  # Redis itself is another check's finding
            if workers:
                many = f"{len(workers)} worker{'s' if len(workers) > 1 else ''}"
                yield ok(f"Pod {name}, queue {queue_name}: {many} at work.")
            else:
                cure = _start(name, queue_name)
                yield wrong(f"Pod {name}, queue {queue_name}: no worker runs; {what} stand still.", cure)


def check_outbox() -> Iterator[Finding]:
    for name in pod_names():
        with transaction(pod_scope(name), read_only=True) as session:
            late = oldest_wait_seconds(session)
        if late > LATE_SECONDS:
            yield wrong(f"Pod {name}: the oldest event waits since {late} s.", _start(name))
        for row in backlog(name).as_rows():
            if row["failed"]:
                what = f"Pod {name}: {row['failed']} deliveries to {row['consumer']} failed: {row['last_error']}"
                yield warning(what, f"souk outbox replay --pod {name} --consumer {row['consumer']}")


def check_plugins() -> Iterator[Finding]:
    for name in pod_names():
        for pause in pauses(name):
            what = f"Pod {name}: plugin {pause.plugin_id} paused in {pause.hook} for shop {pause.tenant_id}."
            yield warning(f"{what} {pause.reason}", "look for plugin_failed in the logs, or switch the plugin off")


def _start(pod_name: str, queue_name: str = DELIVERIES) -> str:
    command = "souk worker" if pod_name == "default" else f"souk worker --pod {pod_name}"
    return command if queue_name == DELIVERIES else f"{command} --queue {queue_name}"
