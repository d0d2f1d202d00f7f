"""Set up what a measurement needs inside a running demo: stock to sell, shops to provision, workers at rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.running import Demo


def set_stock(demo: Demo, variant: int, quantity: int) -> None:
    """Put `quantity` units of a variant of the first shop on the shelf."""
    _run(demo, "stock", str(demo.facts["shops"][0]["slug"]), str(variant), str(quantity))


def provision_shops(demo: Demo, count: int) -> float:
    """Make `count` empty shops one after another; returns seconds for one."""
    return float(_run(demo, "provision", str(count)))


def wait_for_rest(demo: Demo) -> None:
    """Wait until both workers are there and nothing is left for them: they would take part in what is measured next."""
    _run(demo, "rest")


def _run(demo: Demo, *arguments: str) -> str:
    # The platform reads its configuration once for each process: a child has that of the demo.
    values: dict[str, str] = json.loads((demo.home / "running.json").read_text())
    secret = {"SOUK_SECRET_KEY": (demo.home / "secret_key").read_text().strip()}
    command = [sys.executable, "-m", "tests.benchmarks.prepare", *arguments]
    environment = os.environ | values | secret
    root = Path(__file__).parents[2]
    return subprocess.run(
        command, env=environment, cwd=root, check=True, text=True, stdout=subprocess.PIPE, timeout=300
    ).stdout


def _stock(slug: str, variant: int, quantity: int) -> None:
    from sqlalchemy import func, select

    from souk.inventory.adjust import set_on_hand
    from souk.inventory.levels import FREE
    from souk.inventory.models import InventoryLevel
    from souk.inventory.state import FREE_UNITS
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        scope = tenant_by_slug(session, slug).scope
    # Units of a crowded level lie in a pool that counts as reserved and is for sale all the same.
    taken = select(func.sum(InventoryLevel.on_hand - FREE - FREE_UNITS)).where(InventoryLevel.variant_id == variant)
    with transaction(scope) as session:
        promised = int(session.execute(taken).scalar_one() or 0)
        set_on_hand(session, variant, None, promised + quantity, "received", "benchmark")


def _rest() -> None:
    from rq import Worker
    from rq.serializers import JSONSerializer

    from souk.worker.backlog import backlog
    from souk.worker.queue import QUEUES, connect, queue_on

    connection = connect("default")
    queues = [queue_on(connection, name) for name in QUEUES]
    while True:
        ready = all(Worker.all(queue=queue, serializer=JSONSerializer) for queue in queues)
        left = backlog("default")
        if ready and not left.unrelayed and not any(row["pending"] for row in left.as_rows()):
            return
        time.sleep(0.5)


def _provision(count: int) -> float:
    from tenants.provision import provision

    begun = time.monotonic()
    for number in range(count):
        provision(f"bench-{os.getpid()}-{number}", "Benchmark", shop={"currency": "USD", "country": "US"})
    return (time.monotonic() - begun) / count


if __name__ == "__main__":
    import migrations.metadata  # noqa: F401 - foreign keys between domains need every model

    if sys.argv[1] == "stock":
        _stock(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] == "rest":
        _rest()
    else:
        print(_provision(int(sys.argv[2])))  # noqa: T201 - the parent process reads it
