"""Two pods: each shop's rows live in its own pod's database, and the same code serves both."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import select, text

from cli.services.testing import Services
from souk.kernel import connections
from souk.kernel.connections import UnknownPod, admin_connection
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import OutboxEvent
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope, pod_scope, tenant_scope
from tenants.bootstrap import bootstrap
from tenants.provision import provision
from tenants.resolve import resolve_host
from tests.fixtures.shops import make_shop


@pytest.fixture(scope="module")
def second_pod(platform: None, services: Services) -> Iterator[str]:
    database = f"souk_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_second"
    with psycopg.connect(services.postgres.dsn, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {database}".encode())
        admin.execute(f"CREATE DATABASE {database}".encode())
    owner = services.postgres.dsn_for(database)
    with admin_connection("default") as control:
        control.execute(
            "INSERT INTO control.pods (name, database_url, database_admin_url) VALUES ('second', %s, %s)",
            (owner.replace("souk@", "souk_app@"), owner),
        )
    bootstrap("second")
    yield "second"
    connections.dispose()


@pytest.fixture(scope="module")
def far_shop(second_pod: str) -> TenantScope:
    return provision("far-away", "Far away", pod_name=second_pod)


def test_a_shop_on_the_second_pod_is_found_and_used_by_its_host(far_shop: TenantScope) -> None:
    near = make_shop()
    for scope in (near, far_shop, near, far_shop):
        with transaction(scope) as session:
            write_setting(session, "canary", {"shop": scope.tenant_id})

    found = resolve_host("far-away.souk.test")

    assert found is not None
    assert found.scope == far_shop
    for scope in (near, far_shop):
        with transaction(scope, read_only=True) as session:
            assert read_setting(session, "canary") == {"shop": scope.tenant_id}
            assert session.execute(text("SELECT current_database()")).scalar_one().endswith("_second") == (
                scope is far_shop
            )


def test_events_stay_in_the_outbox_of_their_pod(far_shop: TenantScope) -> None:
    with transaction(far_shop) as session:
        publish(session, Event("product.updated", 42))

    mine = select(OutboxEvent.subject_id).where(
        OutboxEvent.tenant_id == far_shop.tenant_id, OutboxEvent.name == "product.updated"
    )
    with transaction(pod_scope("second"), read_only=True) as session:
        assert session.execute(mine).scalars().all() == [42]
    with transaction(pod_scope("default"), read_only=True) as session:
        assert session.execute(mine).scalars().all() == []


def test_an_unknown_pod_is_told_with_its_cure(platform: None) -> None:
    with pytest.raises(UnknownPod, match="`souk pod list` shows the pods"), transaction(tenant_scope(1, "nowhere")):
        pass
