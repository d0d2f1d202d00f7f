"""Make a shop: records, role, schema and first rows in one transaction, so that a half-made shop cannot exist."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import psycopg
import psycopg.errors
from psycopg import sql
from sqlalchemy.engine import make_url

from migrations.chains import ddl, head
from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.connections import admin_connection, pod
from souk.kernel.tenancy import DEFAULT_POD, TenantScope, tenant_scope
from tenants.bootstrap import TENANTS_ROLE, ensure_role
from tenants.errors import BadSlug, SlugTaken

_SLUG = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
RESERVED = frozenset(["admin", "api", "www", "preview", "mail", "status", "app", "apps", "static", "cdn", "support"])
FIRST_ORDER_NUMBER = 1001
# The ledger and the record of money are insert-only even for a bug in our own code.
_INSERT_ONLY = ("inventory_movements", "payment_transactions", "order_events")


def provision(
    slug: str, name: str, *, pod_name: str = DEFAULT_POD, shop: Mapping[str, Any] | None = None
) -> TenantScope:
    """Create the shop `slug` with its schema, its domain `<slug>.<base>` and its first rows; about 0.1 s.

    `shop` is the settings group of that name: name, currency, locale, country, prices_include_tax, email, timezone.

    Raises:
        BadSlug, SlugTaken: nothing was made.

    """
    if not _SLUG.fullmatch(slug) or slug in RESERVED:
        raise BadSlug(slug)
    with ExitStack() as stack:
        control = stack.enter_context(admin_connection(DEFAULT_POD))
        scope = _record(control, slug, name, pod_name)
        # On another pod the schema commits first: an orphan schema is found by `souk doctor`, a shop
        # without a schema would be found by its shoppers.
        target = control if pod_name == DEFAULT_POD else stack.enter_context(admin_connection(pod_name))
        _make_schema(target, scope, pod_name)
        _first_rows(target, scope, {"name": name, **(shop or {})})
        if target is not control:
            target.commit()
        control.commit()
    return scope


def _record(connection: psycopg.Connection, slug: str, name: str, pod_name: str) -> TenantScope:
    try:
        row = connection.execute(
            "INSERT INTO control.tenants (slug, name, pod, schema_version) VALUES (%s, %s, %s, %s) RETURNING id",
            (slug, name, pod_name, head("tenant")),
        ).fetchone()
        assert row is not None
        connection.execute(
            "INSERT INTO control.domains (tenant_id, host, is_primary, verified_at) VALUES (%s, %s, true, %s)",
            (row[0], f"{slug}.{config().base_domain}", clock.now()),
        )
    except psycopg.errors.UniqueViolation:
        raise SlugTaken(slug) from None
    return tenant_scope(row[0], pod_name)


def _make_schema(connection: psycopg.Connection, scope: TenantScope, pod_name: str) -> None:
    schema, role = sql.Identifier(scope.schema), sql.Identifier(scope.role)
    ensure_role(connection, scope.role, "NOLOGIN")
    _make_tables(connection, scope.schema)
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
    grants = (
        "GRANT USAGE ON SCHEMA {0} TO {1}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {0} TO {1}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {0} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {1}",
        f"GRANT {TENANTS_ROLE} TO {{1}}",
        *(f"REVOKE UPDATE, DELETE ON {table} FROM {{1}}" for table in _INSERT_ONLY),
    )
    for grant in grants:
        connection.execute(sql.SQL(grant).format(schema, role))
    login = make_url(pod(pod_name).database_url).username
    if login:
        connection.execute(sql.SQL("GRANT {} TO {}").format(role, sql.Identifier(login)))


def _make_tables(connection: psycopg.Connection, schema: str) -> None:
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
    connection.execute(ddl("tenant").encode())


def _first_rows(connection: psycopg.Connection, scope: TenantScope, shop: Mapping[str, Any]) -> None:
    defaults = {
        "currency": "USD",
        "locale": "en",
        "country": "US",
        "prices_include_tax": False,
        "timezone": "UTC",
    }
    connection.execute("INSERT INTO settings (name, value) VALUES ('shop', %s)", (json.dumps(defaults | dict(shop)),))
    connection.execute("INSERT INTO locations (name) VALUES ('Main')")
    connection.execute("INSERT INTO number_sequences (name, next_value) VALUES ('order', %s)", (FIRST_ORDER_NUMBER,))
    connection.execute("INSERT INTO themes (name, role, base_handle) VALUES ('Bazaar', 'main', 'bazaar')")
    connection.execute(
        "INSERT INTO pod.outbox (tenant_id, name, subject_id, payload, occurred_at)"
        " VALUES (%s, 'tenant.created', %s, '{}', %s)",
        (scope.tenant_id, scope.tenant_id, clock.now()),
    )
