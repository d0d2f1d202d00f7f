"""The shops: schema versions, schemas and records that belong together, domains."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg.errors
from psycopg import sql

from cli.doctor.finding import Finding, ok, warning, wrong
from migrations.chains import head
from souk.kernel.connections import admin_connection
from souk.kernel.tenancy import DEFAULT_POD
from tenants.pods import pod_names

MIGRATE = "souk migrate"


def check_versions() -> Iterator[Finding]:
    """The platform's own schemas, then the shops that are behind."""
    behind = [chain for chain in ("control", "pod") if _version(chain) < head(chain)]
    if behind:
        yield wrong(f"The schema {' and '.join(behind)} is behind the code.", MIGRATE)
        return
    with admin_connection(DEFAULT_POD) as connection:
        shops = connection.execute(
            "SELECT slug, schema_version, migration_error FROM control.tenants"
            " WHERE status <> 'deleted' AND schema_version < %s ORDER BY id LIMIT 20",
            (head("tenant"),),
        ).fetchall()
    for slug, version, error in shops:
        yield wrong(f"Shop {slug} is at schema {version}, the code at {head('tenant')}. {error}".strip(), MIGRATE)
    if not shops:
        yield ok(f"Every shop is at schema {head('tenant')}.")


def check_schemas() -> Iterator[Finding]:
    """A shop without schema, or a schema without shop, is the trace of a provisioning that died between two pods."""
    for name in pod_names():
        recorded, present = _recorded(name), _present(name)
        for schema in sorted(recorded.keys() - present):
            yield wrong(f"Shop {recorded[schema]} has no schema {schema} on pod {name}.", "Restore it from a backup.")
        for schema in sorted(present - recorded.keys()):
            cure = f"Look into it, then: DROP SCHEMA {schema} CASCADE"
            yield warning(f"Schema {schema} on pod {name} belongs to no shop.", cure)
        if recorded.keys() == present:
            yield ok(f"Pod {name} holds {len(present)} shops.")


def check_domains() -> Iterator[Finding]:
    with admin_connection(DEFAULT_POD) as connection:
        rows = connection.execute(
            "SELECT t.slug FROM control.tenants t WHERE t.status <> 'deleted' AND NOT EXISTS"
            " (SELECT 1 FROM control.domains d WHERE d.tenant_id = t.id AND d.is_primary) ORDER BY t.id LIMIT 20"
        ).fetchall()
    for (slug,) in rows:
        cure = f"souk domain list {slug}, then souk domain primary {slug} HOST"
        yield wrong(f"Shop {slug} has no primary domain, so nobody reaches it.", cure)


def _version(chain: str) -> str:
    with admin_connection(DEFAULT_POD) as connection:
        try:
            table = sql.Identifier(chain, "schema_version")
            row = connection.execute(sql.SQL("SELECT max(version) FROM {}").format(table)).fetchone()
        except psycopg.errors.UndefinedTable:
            return ""
    return str(row[0]) if row and row[0] else ""


def _recorded(pod_name: str) -> dict[str, str]:
    with admin_connection(DEFAULT_POD) as connection:
        rows = connection.execute(
            "SELECT id, slug FROM control.tenants WHERE pod = %s AND status <> 'deleted'", (pod_name,)
        ).fetchall()
    return {f"s_{id_}": slug for id_, slug in rows}


def _present(pod_name: str) -> set[str]:
    with admin_connection(pod_name) as connection:
        rows = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^s_[1-9][0-9]*$'").fetchall()
    return {name for (name,) in rows}
