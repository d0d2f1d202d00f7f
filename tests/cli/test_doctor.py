"""`souk doctor` names what is wrong, with the command that mends it, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.doctor import machine, shops, stores, work
from cli.doctor.finding import Finding
from cli.main import main
from migrations.chains import head
from souk.kernel.config import config
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope, pod_scope
from tenants.queries import tenant_by_id


def sick(findings: Iterator[Finding]) -> list[tuple[str, str, str]]:
    return [(each.status, each.what, each.cure) for each in findings if each.status != "ok"]


def slug_of(scope: TenantScope) -> str:
    with transaction(control_scope()) as session:
        return tenant_by_id(session, scope.tenant_id).slug


def admin(statement: str, *values: object) -> None:
    with admin_connection("default") as connection:
        connection.execute(statement.encode(), values)


def test_healthy_stores_and_shops_have_nothing_to_mend(shop: TenantScope, other_shop: TenantScope) -> None:
    checks = (stores.check_configuration, stores.check_owner, stores.check_logins, stores.check_redis)

    found = [sick(check()) for check in (*checks, shops.check_versions, shops.check_schemas, shops.check_domains)]

    assert found == [[]] * 7


def test_a_superuser_as_application_login_is_wrong(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", config().database_admin_url)
    config.cache_clear()

    found = sick(stores.check_logins())
    monkeypatch.undo()
    config.cache_clear()

    assert [each[:2] for each in found] == [("wrong", "Pod default: the application signs in as a superuser.")]


def test_a_shop_that_is_behind_is_named_and_the_other_is_not(shop: TenantScope, other_shop: TenantScope) -> None:
    mark = "UPDATE control.tenants SET schema_version = %s, migration_error = %s WHERE id = %s"
    admin(mark, "0000", "no room", shop.tenant_id)

    found = sick(shops.check_versions())
    admin(mark, head("tenant"), "", shop.tenant_id)

    assert found == [
        ("wrong", f"Shop {slug_of(shop)} is at schema 0000, the code at {head('tenant')}. no room", "souk migrate"),
    ]


def test_a_shop_without_primary_domain_is_named(shop: TenantScope, other_shop: TenantScope) -> None:
    mark = "UPDATE control.domains SET is_primary = %s WHERE tenant_id = %s"
    admin(mark, False, shop.tenant_id)

    found = sick(shops.check_domains())
    admin(mark, True, shop.tenant_id)

    assert [each[1] for each in found] == [f"Shop {slug_of(shop)} has no primary domain, so nobody reaches it."]


def test_an_orphan_schema_is_a_warning_and_is_left_alone(platform: None) -> None:
    admin("CREATE SCHEMA s_999999")

    found = sick(shops.check_schemas())
    again = sick(shops.check_schemas())
    admin("DROP SCHEMA s_999999")

    assert found == again
    assert found == [
        (
            "warning",
            "Schema s_999999 on pod default belongs to no shop.",
            "Look into it, then: DROP SCHEMA s_999999 CASCADE",
        )
    ]


def test_a_missing_worker_is_wrong(platform: None) -> None:
    found = sick(work.check_workers())

    assert [(each[0], each[2]) for each in found] == [
        ("wrong", "souk worker"),
        ("wrong", "souk worker --queue long"),
    ]


def test_an_old_event_and_a_failed_delivery_are_named(shop: TenantScope) -> None:
    with transaction(pod_scope("default")) as session:
        session.execute(text("UPDATE pod.outbox SET relayed_at = now()"))
        id_ = session.scalar(
            text(
                "INSERT INTO pod.outbox (tenant_id, name, subject_id, occurred_at)"
                " VALUES (:tenant, 'order.placed', 1, now() - interval '10 minutes') RETURNING id"
            ),
            {"tenant": shop.tenant_id},
        )
        session.execute(
            text(
                "INSERT INTO pod.deliveries (outbox_id, tenant_id, consumer, status, last_error, next_attempt_at)"
                " VALUES (:id, :tenant, 'mail', 'failed', 'refused', now())"
            ),
            {"id": id_, "tenant": shop.tenant_id},
        )

    found = sick(work.check_outbox())
    admin("DELETE FROM pod.outbox WHERE id = %s", id_)

    assert [(each[0], each[2]) for each in found] == [
        ("wrong", "souk worker"),
        ("warning", "souk outbox replay --pod default --consumer mail"),
    ]


def test_a_readable_secret_key_is_wrong(platform: None) -> None:
    secret = config().home / "secret_key"
    secret.write_text("x")
    secret.chmod(0o644)

    found = sick(machine.check_home())
    secret.unlink()

    assert found == [("wrong", f"Others may read {secret}, which signs the sessions.", f"chmod 600 {secret}")]


def test_a_package_that_differs_from_the_lock_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "click==0.0.1 \\\n    --hash=sha256:0\nnothing-here==1 ; sys_platform == 'win32' \\\n    --hash=x\n"
    )
    monkeypatch.setattr(machine, "LOCK", lock)

    found = sick(machine.check_packages())

    assert found == [("wrong", "Not as the lock file says: click.", "make setup")]


def test_the_command_ends_with_one_and_the_findings_as_json(shop: TenantScope) -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"])

    findings = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {"status": "wrong", "cure": "souk worker"}.items() <= {
        key: value for each in findings if each["cure"] == "souk worker" for key, value in each.items()
    }.items()


def test_nothing_configured_stops_the_tour_with_one_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    config.cache_clear()

    result = CliRunner().invoke(main, ["doctor"])
    monkeypatch.undo()
    config.cache_clear()

    assert result.exit_code == 1
    assert "No platform runs here" in result.output
    assert "PostgreSQL" not in result.output
