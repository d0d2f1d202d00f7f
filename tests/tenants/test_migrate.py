"""Migrations are parallel, resumable and exactly once; a locked shop waits and a broken revision stops the run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from migrations import chains
from souk.kernel import clock
from souk.kernel.connections import admin_connection
from souk.kernel.tenancy import TenantScope
from tenants import migrate
from tenants.migrate import TooManyFailures, migrate_tenants
from tests.fixtures.shops import make_shop

GOOD = chains.Step("0999", "colour", "ALTER TABLE locations ADD COLUMN colour text;")
BAD = chains.Step("0999", "colour", "ALTER TABLE nowhere ADD COLUMN colour text;")


@pytest.fixture
def shops(platform: None) -> list[TenantScope]:
    return [make_shop() for _ in range(4)]


def _with(monkeypatch: pytest.MonkeyPatch, step: chains.Step) -> None:
    monkeypatch.setattr(migrate, "head", lambda _chain: step.version)
    monkeypatch.setattr(migrate, "steps_after", lambda _chain, version: (step,) if version < step.version else ())


def _versions(shops: list[TenantScope]) -> list[str]:
    with admin_connection("default") as connection:
        rows = connection.execute(
            "SELECT schema_version FROM control.tenants WHERE id = ANY(%s) ORDER BY id",
            ([shop.tenant_id for shop in shops],),
        ).fetchall()
    return [row[0] for row in rows]


def _columns(shops: list[TenantScope]) -> int:
    with admin_connection("default") as connection:
        row = connection.execute(
            "SELECT count(*) FROM information_schema.columns WHERE column_name = 'colour' AND table_schema = ANY(%s)",
            ([shop.schema for shop in shops],),
        ).fetchone()
    return int(row[0]) if row else 0


@pytest.fixture(autouse=True)
def _undo(platform: None) -> object:
    yield
    with admin_connection("default") as connection:
        rows = connection.execute("SELECT id FROM control.tenants WHERE schema_version = '0999'").fetchall()
        for (number,) in rows:
            connection.execute(f"ALTER TABLE s_{number}.locations DROP COLUMN colour".encode())
        connection.execute(
            "UPDATE control.tenants SET schema_version = %s, migration_error = '', not_before = NULL",
            (chains.head("tenant"),),
        )


def test_every_shop_is_migrated_once_and_a_second_run_does_nothing(
    shops: list[TenantScope], monkeypatch: pytest.MonkeyPatch
) -> None:
    _with(monkeypatch, GOOD)

    first, second = migrate_tenants(workers=2), migrate_tenants(workers=2)

    assert first.migrated == first.total >= 4
    assert (second.total, second.migrated) == (0, 0)
    assert _versions(shops) == ["0999"] * 4
    assert _columns(shops) == 4


def test_a_locked_shop_waits_while_the_others_go_on(shops: list[TenantScope], monkeypatch: pytest.MonkeyPatch) -> None:
    _with(monkeypatch, GOOD)
    with admin_connection("default") as blocker:
        blocker.execute(f"LOCK TABLE {shops[0].schema}.locations IN ACCESS SHARE MODE".encode())
        report = migrate_tenants(workers=2)
        waiting = _versions(shops)

    with clock.frozen(clock.now() + timedelta(seconds=10)):
        again = migrate_tenants(workers=2)

    assert report.waiting == 1
    assert waiting == [chains.head("tenant"), "0999", "0999", "0999"]
    assert again.migrated == 1
    assert _columns(shops) == 4


def test_a_broken_revision_stops_the_run_and_changes_no_shop(
    shops: list[TenantScope], monkeypatch: pytest.MonkeyPatch
) -> None:
    _with(monkeypatch, BAD)

    with pytest.raises(TooManyFailures, match="the run stopped"):
        migrate_tenants(workers=1)

    assert _versions(shops) == [chains.head("tenant")] * 4
    assert _columns(shops) == 0
