"""List and add pods, which are an operator's business: no request comes here."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg.errors

from souk.kernel.connections import admin_connection
from souk.kernel.errors import Conflict
from souk.kernel.tenancy import DEFAULT_POD, pod_scope


class PodTaken(Conflict):
    code = "pod_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"A pod called {name!r} exists already; `souk pod list` shows the pods.", name=name)


@dataclass(frozen=True, slots=True)
class PodRecord:
    name: str
    accepts_tenants: bool
    shops: int


def list_pods() -> list[PodRecord]:
    """Return every pod by name, with the number of shops that are not deleted."""
    with admin_connection(DEFAULT_POD) as connection:
        rows = connection.execute(
            "SELECT p.name, p.accepts_tenants, count(t.id) FROM control.pods p"
            " LEFT JOIN control.tenants t ON t.pod = p.name AND t.status <> 'deleted'"
            " GROUP BY p.name, p.accepts_tenants ORDER BY p.name"
        ).fetchall()
    return [PodRecord(*row) for row in rows]


def pod_names() -> list[str]:
    return [each.name for each in list_pods()]


def add_pod(name: str, *, database_url: str, database_admin_url: str, redis_url: str = "") -> None:
    """Record a pod's addresses; `tenants.bootstrap.bootstrap(name)` prepares its database.

    Raises PodTaken, and ValueError for a name that is none.
    """
    pod_scope(name)  # checks the name: it becomes part of log lines and job ids
    with admin_connection(DEFAULT_POD) as connection:
        try:
            connection.execute(
                "INSERT INTO control.pods (name, database_url, database_admin_url, redis_url) VALUES (%s, %s, %s, %s)",
                (name, database_url, database_admin_url, redis_url),
            )
        except psycopg.errors.UniqueViolation:
            raise PodTaken(name) from None
