"""`souk migrate` brings every shop forward, says which one it could not, and waits for busy ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner

import cli.migrate as migrate_command
import tenants.migrate
from cli.main import main
from migrations.chains import Step, head
from souk.kernel.connections import admin_connection
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop


@pytest.fixture(autouse=True)
def _versions_as_before(platform: None) -> Iterator[None]:
    yield
    with admin_connection("default") as admin:
        admin.execute(
            "UPDATE control.tenants SET schema_version = %s, migration_error = '', not_before = NULL", (head("tenant"),)
        )


def put_back(scope: TenantScope, *, empty: bool) -> None:
    with admin_connection("default") as admin:
        admin.execute("UPDATE control.tenants SET schema_version = '0000' WHERE id = %s", (scope.tenant_id,))
        if empty:
            admin.execute(f"DROP SCHEMA {scope.schema} CASCADE".encode())
            admin.execute(f"CREATE SCHEMA {scope.schema}".encode())


def version_and_error(scope: TenantScope) -> tuple[str, str]:
    with admin_connection("default") as admin:
        row = admin.execute(
            "SELECT schema_version, migration_error FROM control.tenants WHERE id = %s", (scope.tenant_id,)
        ).fetchone()
    assert row is not None
    return row[0], row[1]


def has_table(scope: TenantScope, name: str) -> bool:
    with admin_connection("default") as admin:
        row = admin.execute("SELECT to_regclass(%s) IS NOT NULL", (f"{scope.schema}.{name}",)).fetchone()
    assert row is not None
    return bool(row[0])


def delete(scope: TenantScope) -> None:
    """An emptied schema has lost the grants of its shop; other tests of this process visit every shop."""
    with admin_connection("default") as admin:
        admin.execute("UPDATE control.tenants SET status = 'deleted' WHERE id = %s", (scope.tenant_id,))
        admin.execute(f"DROP SCHEMA {scope.schema} CASCADE".encode())


def test_a_shop_that_is_behind_gets_its_tables(other_shop: TenantScope) -> None:
    emptied = make_shop()
    put_back(emptied, empty=True)

    result = CliRunner().invoke(main, ["migrate", "--workers", "2"])
    found = (version_and_error(emptied), has_table(emptied, "products"))
    delete(emptied)

    assert result.exit_code == 0, result.output
    assert found == ((head("tenant"), ""), True)
    assert version_and_error(other_shop) == (head("tenant"), "")


def test_a_second_run_has_nothing_to_do(shop: TenantScope) -> None:
    CliRunner().invoke(main, ["migrate"])

    result = CliRunner().invoke(main, ["migrate"])

    assert (result.exit_code, result.stdout) == (0, f"Every shop is at version {head('tenant')}.\n")


def test_a_failing_shop_is_named_and_stays_as_it_was(shop: TenantScope, other_shop: TenantScope) -> None:
    put_back(shop, empty=False)

    result = CliRunner().invoke(main, ["migrate"])

    assert result.exit_code == 1
    assert "stays at 0000: relation " in result.output
    assert "1 shops are behind." in result.output
    assert version_and_error(shop)[0] == "0000"
    assert version_and_error(other_shop) == (head("tenant"), "")


def test_a_busy_shop_is_tried_again_until_it_is_free(shop: TenantScope, monkeypatch: pytest.MonkeyPatch) -> None:
    step = Step("9999", "lock", "LOCK TABLE settings IN ACCESS EXCLUSIVE MODE")
    monkeypatch.setattr(tenants.migrate, "steps_after", lambda _chain, _version: (step,))
    monkeypatch.setattr(tenants.migrate, "BACK_OFF", timedelta(milliseconds=50))
    monkeypatch.setattr(migrate_command, "AGAIN_SECONDS", 0.1)
    put_back(shop, empty=False)
    with admin_connection("default") as busy:
        busy.execute(f"LOCK TABLE {shop.schema}.settings IN ACCESS SHARE MODE".encode())

        given_up = CliRunner().invoke(main, ["migrate", "--wait", "0"])
        release = threading.Timer(0.5, busy.rollback)
        release.start()
        waited = CliRunner().invoke(main, ["migrate"])
        release.join()

    assert "its tables are in use" in given_up.output
    assert given_up.exit_code == 1
    assert waited.exit_code == 0, waited.output
    assert version_and_error(shop) == (head("tenant"), "")
