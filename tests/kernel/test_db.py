"""A transaction commits at its end, rolls back when it raises, and tells its time-outs in words."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, text

from souk.kernel import db
from souk.kernel.connections import admin_connection, engine_of
from souk.kernel.db import (
    DatabaseBusy,
    NetworkInsideTransaction,
    after_commit,
    refuse_inside_transaction,
    scope_of,
    transaction,
)
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope, control_scope, tenant_scope

_PROCESS = text("SELECT pg_backend_pid()")


def test_a_block_that_raises_changes_nothing_and_runs_no_callback(shop: TenantScope) -> None:
    ran: list[str] = []

    with pytest.raises(RuntimeError, match="boom"), transaction(shop) as session:
        write_setting(session, "half", {"done": True})
        after_commit(session, lambda: ran.append("callback"))
        raise RuntimeError("boom")

    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "half") == {}
    assert ran == []


def test_callbacks_run_after_the_commit(shop: TenantScope) -> None:
    seen: list[dict[str, object]] = []

    def look() -> None:
        with transaction(shop, read_only=True) as session:
            seen.append(read_setting(session, "whole"))

    with transaction(shop) as session:
        write_setting(session, "whole", {"done": True})
        after_commit(session, look)

    assert seen == [{"done": True}]


def test_a_read_only_transaction_cannot_write(shop: TenantScope) -> None:
    with pytest.raises(Exception, match="read-only transaction"), transaction(shop, read_only=True) as session:
        write_setting(session, "sneaky", {})

    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "sneaky") == {}


def test_a_statement_that_takes_too_long_is_told_as_busy(shop: TenantScope) -> None:
    with (
        pytest.raises(DatabaseBusy, match="nothing was changed"),
        transaction(shop, timeout_ms=20) as session,
    ):
        session.execute(text("SELECT pg_sleep(1)"))


def test_a_lock_that_another_connection_holds_is_told_as_busy(
    shop: TenantScope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_TIMEOUT_MS", 50)
    lock = text("SELECT next_value FROM number_sequences WHERE name = 'order' FOR UPDATE")

    with transaction(shop) as holder:
        holder.execute(lock)
        with pytest.raises(DatabaseBusy), transaction(shop) as waiter:
            waiter.execute(lock)


def test_the_network_is_refused_while_a_transaction_is_open(shop: TenantScope) -> None:
    refuse_inside_transaction("The payment provider")

    with (
        pytest.raises(NetworkInsideTransaction, match="The payment provider was called while a transaction is open"),
        transaction(shop, read_only=True),
    ):
        refuse_inside_transaction("The payment provider")


def test_the_scope_ends_with_the_transaction(shop: TenantScope) -> None:
    with transaction(shop) as session:
        assert scope_of(session) == shop
        inside = session.execute(text("SELECT current_user, current_setting('search_path')")).one()

    with engine_of("default").connect() as connection:
        outside = connection.execute(text("SELECT current_user, current_setting('search_path')")).one()
    assert tuple(inside) == (shop.role, shop.schema)
    assert tuple(outside) == ("souk_app", "pg_catalog")


def test_a_connection_is_closed_after_many_shops(shop: TenantScope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "TENANTS_PER_CONNECTION", 1)
    backend = text("SELECT pg_backend_pid()")

    def pid(scope: object) -> int:
        with transaction(scope) as session:  # type: ignore[arg-type]
            return int(session.execute(backend).scalar_one())

    engine_of("default").dispose()
    first, same, other = pid(shop), pid(shop), pid(control_scope())
    after = pid(shop)

    assert first == same == other
    assert after != other


def test_a_server_process_that_missed_a_grant_is_left(shop: TenantScope, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction(shop, read_only=True) as session:
        first = session.execute(_PROCESS).scalar_one()
    send, denied = db._send, []

    def miss(connection: Connection, message: str) -> Any:
        cursor = send(connection, message)
        if connection.connection.driver_connection.info.backend_pid == first:  # type: ignore[union-attr]
            denied.append(first)
            raise psycopg.errors.InsufficientPrivilege("permission denied to set role")
        return cursor

    monkeypatch.setattr(db, "_send", miss)

    with transaction(shop) as session:
        assert session.execute(_PROCESS).scalar_one() != first
        write_setting(session, "whole", {"again": True})
    assert denied == [first]
    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "whole") == {"again": True}


def test_a_role_that_is_not_granted_stays_refused(shop: TenantScope) -> None:
    with admin_connection("default") as admin:
        admin.execute(f"REVOKE {shop.role} FROM souk_app".encode())
    try:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction(shop):
            pytest.fail("nothing may run in a scope that was refused")
    finally:
        with admin_connection("default") as admin:
            admin.execute(f"GRANT {shop.role} TO souk_app".encode())

    with transaction(shop, read_only=True) as session:
        assert read_setting(session, "shop")


@pytest.mark.parametrize("number", [0, -1, 10**13])
def test_a_number_that_is_no_tenant_makes_no_scope(number: int) -> None:
    with pytest.raises(ValueError, match="is no tenant id"):
        tenant_scope(number)


def test_a_pod_name_cannot_carry_sql() -> None:
    with pytest.raises(ValueError, match="is no pod name"):
        tenant_scope(1, "default; DROP SCHEMA control")


def test_only_what_says_so_does_not_wait_for_the_disk(shop: TenantScope) -> None:
    show = text("SHOW synchronous_commit")
    # The pool hands out the connection that came back last; the test cluster itself never waits.
    with engine_of(shop.pod).connect() as connection:
        connection.execute(text("SET synchronous_commit = on"))

    with transaction(shop) as session:
        before = session.execute(show).scalar_one()
    with transaction(shop, durable=False) as session:
        hurried = session.execute(show).scalar_one()
    with transaction(shop) as session:
        after = session.execute(show).scalar_one()

    with engine_of(shop.pod).connect() as connection:
        connection.execute(text("RESET synchronous_commit"))
    assert (before, hurried, after) == ("on", "off", "on")
