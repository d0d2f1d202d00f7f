"""The command lines of web, worker and the steps before them, and the environment they all share."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from cli.services.child import Child, start_child
from cli.services.postgres import Postgres
from cli.services.redis import Redis
from cli.up.errors import StepFailedError, StoppedError
from cli.up.place import PROJECT, Place

WEB_WORKERS = 2
WEB_THREADS = 4


def shared_environment(place: Place, env: Mapping[str, str], services: Sequence[Postgres | Redis]) -> dict[str, str]:
    """The environment of every child: `env` plus the addresses of the embedded services."""
    merged = dict(env) | {
        "SOUK_HOME": str(place.home),
        "SOUK_PORT": str(place.port),
        "SOUK_BASE_DOMAIN": place.base_domain,
        # Each thread of glibc keeps an arena of its own, which triples the memory of a threaded server.
        "MALLOC_ARENA_MAX": env.get("MALLOC_ARENA_MAX", "2"),
        "PYTHONUNBUFFERED": "1",
    }
    for service in services:
        if isinstance(service, Postgres):
            merged |= {"DATABASE_URL": service.url, "DATABASE_ADMIN_URL": service.dsn}
        else:
            merged["REDIS_URL"] = service.url
    return merged


def start_web(place: Place, env: Mapping[str, str]) -> Child:
    argv = (
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", place.host, "--port", str(place.port)),
        *("--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS)),
        *("--workers-kill-timeout", "10", "--respawn-failed-workers", "wsgi:app"),
    )
    # Without a folder that they share, /metrics would tell of whichever process happened to answer.
    shutil.rmtree(place.metrics, ignore_errors=True)
    place.metrics.mkdir(parents=True)
    web_env = dict(env) | {"PROMETHEUS_MULTIPROC_DIR": str(place.metrics)}
    return start_child("web", argv, log=place.logs / "web.log", env=web_env, cwd=PROJECT)


def start_worker(place: Place, env: Mapping[str, str]) -> Child:
    # On one machine a thousand mails must not slow the buyer who causes the next one.
    argv = ("nice", "-n", "10", *souk("worker"))
    return start_child("worker", argv, log=place.logs / "worker.log", env=env, cwd=PROJECT)


def start_long_worker(place: Place, env: Mapping[str, str]) -> Child:
    # Nor must an import slow the mails.
    argv = ("nice", "-n", "15", *souk("worker", "--queue", "long"))
    return start_child("long worker", argv, log=place.logs / "worker-long.log", env=env, cwd=PROJECT)


def run_step(words: Sequence[str], env: Mapping[str, str]) -> None:
    """Run a `souk` command to its end with our terminal; a failure raises."""
    step = subprocess.Popen(souk(*words), env=dict(env), cwd=PROJECT, stdin=subprocess.DEVNULL)
    try:
        code = step.wait()
    except StoppedError:
        step.terminate()
        step.wait()
        raise
    if code:
        raise StepFailedError(" ".join(words), code)


def souk(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "cli.main", *words)
