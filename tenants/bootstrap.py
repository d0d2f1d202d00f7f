"""Make roles and the shared schemas of a pod, and bring them to the newest version. Safe to run at every start."""

from __future__ import annotations

from contextlib import suppress

import psycopg
import psycopg.errors
from psycopg import sql
from sqlalchemy.engine import make_url

from migrations.chains import EMPTY, steps_after
from souk.kernel.connections import admin_connection, pod
from souk.kernel.tenancy import CONTROL_ROLE, DEFAULT_POD

TENANTS_ROLE = "souk_tenants"
_ADVISORY_LOCK = 7_305_001  # one process at a time; the number only has to be ours


def bootstrap(pod_name: str = DEFAULT_POD) -> None:
    """Prepare a pod's database: roles, grants, the `pod` schema, and `control` on the default pod."""
    with admin_connection(pod_name) as connection, connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
        login = _make_roles(connection, pod_name)
        chains = ("control", "pod") if pod_name == DEFAULT_POD else ("pod",)
        for chain in chains:
            _apply_chain(connection, chain)
        for chain in chains:
            _grant_to_control(connection, chain)
        _guard_shared_tables(connection)
        if pod_name == DEFAULT_POD:
            connection.execute("INSERT INTO control.pods (name) VALUES ('default') ON CONFLICT DO NOTHING")
        _close_public_schema(connection, login)


def _make_roles(connection: psycopg.Connection, pod_name: str) -> str:
    for role in (CONTROL_ROLE, TENANTS_ROLE):
        ensure_role(connection, role, "NOLOGIN")
    url = make_url(pod(pod_name).database_url)
    login = url.username or _session_user(connection)
    ensure_role(connection, login, "LOGIN NOINHERIT", password=url.password)
    if login != _session_user(connection):
        grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(CONTROL_ROLE), sql.Identifier(login))
        connection.execute(grant)
    return login


def ensure_role(connection: psycopg.Connection, role: str, options: str, password: str | None = None) -> None:
    """Create a role that is missing; roles belong to the whole server, so another database may have made it."""
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if exists:
        return
    statement = sql.SQL("CREATE ROLE {} " + options).format(sql.Identifier(role))
    if password:
        statement = statement + sql.SQL(" PASSWORD {}").format(sql.Literal(str(password)))
    # Another database of the same server may make the same role at this very moment.
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation), connection.transaction():
        connection.execute(statement)


def _session_user(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT session_user").fetchone()
    return str(row[0]) if row else ""


def _apply_chain(connection: psycopg.Connection, chain: str) -> None:
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(chain)))
    versions = sql.Identifier(chain, "schema_version")
    connection.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} (version text NOT NULL)").format(versions))
    row = connection.execute(sql.SQL("SELECT max(version) FROM {}").format(versions)).fetchone()
    for step in steps_after(chain, (row and row[0]) or EMPTY):
        connection.execute(step.sql.encode())
        connection.execute(sql.SQL("INSERT INTO {} VALUES (%s)").format(versions), (step.version,))


def _grant_to_control(connection: psycopg.Connection, schema: str) -> None:
    connection.execute(
        f"GRANT USAGE ON SCHEMA {schema} TO {CONTROL_ROLE};"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {CONTROL_ROLE};"
        f" ALTER DEFAULT PRIVILEGES IN SCHEMA {schema}"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {CONTROL_ROLE}".encode()
    )


def _guard_shared_tables(connection: psycopg.Connection) -> None:
    """Row level security: a shop's role reaches only its own rows of the tables that all shops share."""
    connection.execute(f"GRANT USAGE ON SCHEMA pod TO {TENANTS_ROLE}".encode())
    connection.execute(f"GRANT SELECT, INSERT ON pod.outbox TO {TENANTS_ROLE}".encode())
    connection.execute(f"GRANT SELECT, UPDATE ON pod.deliveries TO {TENANTS_ROLE}".encode())
    connection.execute(f"GRANT SELECT, INSERT ON pod.provider_events TO {TENANTS_ROLE}".encode())
    connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON pod.webhook_endpoints TO {TENANTS_ROLE}".encode())
    for table in ("outbox", "deliveries", "provider_events", "webhook_endpoints"):
        connection.execute(
            f"ALTER TABLE pod.{table} ENABLE ROW LEVEL SECURITY;"
            f" DROP POLICY IF EXISTS own_rows ON pod.{table}; DROP POLICY IF EXISTS all_rows ON pod.{table};"
            f" CREATE POLICY own_rows ON pod.{table} TO {TENANTS_ROLE}"
            f" USING (tenant_id = current_setting('souk.tenant_id', true)::bigint);"
            f" CREATE POLICY all_rows ON pod.{table} TO {CONTROL_ROLE} USING (true)".encode()
        )


def _close_public_schema(connection: psycopg.Connection, login: str) -> None:
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    if login != _session_user(connection):
        # A query without a scope finds nothing: it fails instead of reading somebody's shop.
        connection.execute(sql.SQL("ALTER ROLE {} SET search_path = pg_catalog").format(sql.Identifier(login)))
