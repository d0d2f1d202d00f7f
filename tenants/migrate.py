"""Bring every shop to the newest schema: parallel, resumable, canary ring first.

`tenants.schema_version` is the queue. A worker claims one shop with SKIP LOCKED, applies the SQL and
raises the version in the same transaction, so that a killed run leaves each shop either before or after.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import psycopg.errors
from psycopg import sql

from migrations.chains import head, steps_after
from souk.kernel import clock
from souk.kernel.connections import admin_connection
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import DEFAULT_POD, TenantScope, tenant_scope

LOCK_TIMEOUT = "200ms"
BACK_OFF = timedelta(seconds=5)
# Above one failure in a hundred (and more than one) something is wrong with the revision, not with a shop.
FAILURE_LIMIT = 0.01
RINGS = (0, 1, 2)


@dataclass(slots=True)
class MigrationReport:
    total: int = 0
    migrated: int = 0
    waiting: int = 0
    failed: int = 0


class TooManyFailures(SoukError):
    status = 500
    code = "migration_stopped"

    def __init__(self, failed: int, seen: int) -> None:
        super().__init__(
            f"{failed} of {seen} shops failed to migrate; the run stopped. `souk tenant list` shows the shops that are"
            " behind with their error; mend the revision and run `souk migrate` again."
        )


def migrate_tenants(workers: int = 2, on_progress: Callable[[MigrationReport], None] | None = None) -> MigrationReport:
    """Migrate all shops that are behind, ring after ring; raises TooManyFailures.

    Shops whose tables are locked are left with `not_before` set and counted in `waiting`; run again for them.
    """
    report = MigrationReport(total=_count_behind())
    for ring in RINGS:
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(copy_context().run, _drain, ring, report, on_progress) for _ in range(workers)]:
                future.result()
    return report


def _drain(ring: int, report: MigrationReport, on_progress: Callable[[MigrationReport], None] | None) -> None:
    while True:
        with admin_connection(DEFAULT_POD) as control:
            claimed = _claim(control, ring)
            if claimed is None:
                return
            scope, version = claimed
            _migrate_one(control, scope, version, report)
        if on_progress is not None:
            on_progress(report)
        seen = report.migrated + report.failed
        if report.failed > 1 and report.failed > seen * FAILURE_LIMIT:
            raise TooManyFailures(report.failed, seen)


def _claim(control: psycopg.Connection, ring: int) -> tuple[TenantScope, str] | None:
    row = control.execute(
        "SELECT id, pod, schema_version FROM control.tenants"
        " WHERE schema_version < %s AND ring = %s AND status <> 'deleted' AND migration_error = ''"
        " AND (not_before IS NULL OR not_before <= %s) ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
        (head("tenant"), ring, clock.now()),
    ).fetchone()
    return None if row is None else (tenant_scope(row[0], row[1]), row[2])


def _migrate_one(control: psycopg.Connection, scope: TenantScope, version: str, report: MigrationReport) -> None:
    try:
        if scope.pod == DEFAULT_POD:
            with control.transaction():
                _apply(control, scope, version)
        else:
            with admin_connection(scope.pod) as target:
                _apply(target, scope, version)
    except psycopg.errors.LockNotAvailable:
        report.waiting += 1
        _mark(control, scope, "not_before", clock.now() + BACK_OFF)
    except psycopg.Error as error:
        report.failed += 1
        _mark(control, scope, "migration_error", str(error)[:500])
    else:
        report.migrated += 1
        _mark(control, scope, "schema_version", head("tenant"))


def _apply(connection: psycopg.Connection, scope: TenantScope, version: str) -> None:
    path = sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(scope.schema))
    connection.execute(path)
    connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'".encode())
    for step in steps_after("tenant", version):
        connection.execute(step.sql.encode())
    connection.execute("SET LOCAL search_path TO pg_catalog")


def _mark(control: psycopg.Connection, scope: TenantScope, column: str, value: object) -> None:
    statement = sql.SQL("UPDATE control.tenants SET {} = %s WHERE id = %s").format(sql.Identifier(column))
    control.execute(statement, (value, scope.tenant_id))


def _count_behind() -> int:
    with admin_connection(DEFAULT_POD) as control:
        # A new run is the answer to an earlier failure, so that it starts with a clean sheet.
        control.execute("UPDATE control.tenants SET migration_error = ''")
        row = control.execute(
            "SELECT count(*) FROM control.tenants WHERE schema_version < %s AND status <> 'deleted'",
            (head("tenant"),),
        ).fetchone()
    return int(row[0]) if row else 0
