"""One PostgreSQL and one Redis for a whole test session, shared by all of its worker processes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cli.services.postgres import Postgres
from cli.services.redis import Redis

OWNER = "SOUK_TEST_SERVICES"


@dataclass(frozen=True, slots=True)
class Services:
    """The two services; `stop` ends them in the process that started them and does nothing elsewhere."""

    postgres: Postgres
    redis: Redis
    started_here: bool

    def stop(self) -> None:
        if self.started_here:
            self.redis.stop()
            self.postgres.stop()
            os.environ.pop(OWNER, None)


def start_test_services(folder: Path) -> Services:
    """Start throwaway services below `folder`, or attach to those that the parent session started.

    Call it in `pytest_configure`: pytest-xdist starts its workers afterwards, they inherit the
    environment, and so only the controlling process owns (and at the end stops) the servers.
    """
    inherited = os.environ.get(OWNER)
    home = Path(inherited) if inherited else folder
    services = Services(
        Postgres(home / "postgres", durable=False), Redis(home / "redis"), started_here=inherited is None
    )
    if services.started_here:
        services.postgres.start()
        services.redis.start()
        os.environ[OWNER] = str(home.absolute())
    return services
