"""Start everything in order, keep it running in the foreground, stop it in the opposite order.

This process imports no application code: it lives as long as the platform does, and every megabyte
that migration or seeding needs is given back when their own processes end.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console

from cli.services.child import Child
from cli.services.postgres import Postgres
from cli.services.redis import Redis
from cli.up import announce, processes, readiness
from cli.up.errors import StartError, StoppedError
from cli.up.keeper import Keeper
from cli.up.place import Place, place_from, sole_owner

LOOK_EVERY_SECONDS = 0.25


def run(env: Mapping[str, str], *, demo: bool, ready_file: Path | None, console: Console) -> None:
    """Run until SIGINT or SIGTERM; raises StartError or ServiceError when the start fails."""
    began = time.monotonic()
    place = place_from(env)
    with sole_owner(place.home):
        keeper = Keeper(say=console.print)
        _stop_on_signals()
        try:
            _start(keeper, place, env, demo=demo)
            facts = announce.facts_of(place)
            if ready_file is not None:
                announce.write_ready_file(ready_file, facts)
            announce.print_addresses(console, facts, time.monotonic() - began, place.logs)
            while True:
                keeper.look()
                time.sleep(LOOK_EVERY_SECONDS)
        except StoppedError:
            console.print("Stopping ...")
        finally:
            # From here on a second Ctrl-C must not interrupt the orderly end.
            _ignore_signals()
            keeper.stop()
            place.running.unlink(missing_ok=True)
            if ready_file is not None:
                ready_file.unlink(missing_ok=True)


def _start(keeper: Keeper, place: Place, env: Mapping[str, str], *, demo: bool) -> None:
    services = _embedded_services(place, env)
    for service in services:
        keeper.add(type(service).__name__, _starter(service), is_service=True)
    shared = processes.shared_environment(place, env, services)
    announce.write_running_file(place, shared)
    processes.run_step(("migrate",), shared)
    # The facts are written last: a home that has them has the shops. A database elsewhere may have lost them.
    if demo and (env.get("DATABASE_URL") or not place.demo_facts.exists()):
        processes.run_step(("demo", "seed", "--facts", str(place.demo_facts)), shared)
    keeper.add("The web server", lambda: processes.start_web(place, shared))
    readiness.wait_until_ready(place, keeper.look)
    # After the web server: on a small machine they would take half of the processors from whoever waits for a page.
    # What happens meanwhile waits in the outbox for some seconds.
    keeper.add("The worker", lambda: processes.start_worker(place, shared))
    keeper.add("The worker of the long queue", lambda: processes.start_long_worker(place, shared))


def _embedded_services(place: Place, env: Mapping[str, str]) -> Sequence[Postgres | Redis]:
    services: list[Postgres | Redis] = []
    if not env.get("DATABASE_URL"):
        services.append(Postgres(place.home / "postgres"))
    if not env.get("REDIS_URL"):
        services.append(Redis(place.home / "redis"))
    return services


def _starter(service: Postgres | Redis) -> Callable[[], Child]:
    def start() -> Child:
        service.start()
        if service.child is None:
            raise StartError(f"{type(service).__name__} did not start.")
        return service.child

    return start


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StoppedError

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _ignore_signals() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
