"""Old rows go, rows that are still needed stay, and a shop's rule never reaches another shop."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.worker.retention import forget_in_pod, forget_in_shop
from souk.worker.shops import in_every_shop, shops_of


def add_event(tenant_id: int, *, days: int, status: str = "") -> int:
    with transaction(pod_scope("default")) as session:
        values: dict[str, Any] = {"tenant": tenant_id, "days": days, "status": status}
        id_ = session.scalar(
            text(
                "INSERT INTO pod.outbox (tenant_id, name, subject_id, occurred_at, relayed_at)"
                " VALUES (:tenant, 'order.placed', 1, now(), now() - make_interval(days => :days)) RETURNING id"
            ),
            values,
        )
        if status:
            session.execute(
                text(
                    "INSERT INTO pod.deliveries (outbox_id, tenant_id, consumer, status, next_attempt_at, done_at)"
                    " VALUES (:id, :tenant, 'mail', :status, now() - make_interval(days => :days),"
                    " CASE WHEN :status = 'done' THEN now() - make_interval(days => :days) END)"
                ),
                values | {"id": id_},
            )
    return int(id_ or 0)


def events() -> set[int]:
    with transaction(pod_scope("default"), read_only=True) as session:
        return set(session.scalars(text("SELECT id FROM pod.outbox")))


def add_key(scope: TenantScope, key: str, *, days: int) -> None:
    with transaction(scope) as session:
        session.execute(
            text(
                "INSERT INTO idempotency_keys (subject, endpoint, key, request_hash, created_at)"
                " VALUES ('me', 'POST /', :key, '', now() - make_interval(days => :days))"
            ),
            {"key": key, "days": days},
        )


def keys(scope: TenantScope) -> list[str]:
    with transaction(scope, read_only=True) as session:
        return list(session.scalars(text("SELECT key FROM idempotency_keys ORDER BY key")))


def test_events_go_when_their_deliveries_ended_long_ago(shop: TenantScope) -> None:
    unheard = add_event(shop.tenant_id, days=31)
    done = add_event(shop.tenant_id, days=31, status="done")
    failed = add_event(shop.tenant_id, days=31, status="failed")
    pending = add_event(shop.tenant_id, days=31, status="pending")
    recent = add_event(shop.tenant_id, days=29, status="done")

    forgotten = forget_in_pod("default")

    assert forgotten == 3
    assert events() & {unheard, done, failed, pending, recent} == {pending, recent}


def test_keys_go_after_three_days_in_this_shop_only(shop: TenantScope, other_shop: TenantScope) -> None:
    add_key(shop, "old", days=4)
    add_key(shop, "new", days=2)
    add_key(other_shop, "old", days=4)

    forget_in_shop(shop)

    assert (keys(shop), keys(other_shop)) == (["new"], ["old"])


def test_search_records_go_after_ninety_days_in_this_shop_only(shop: TenantScope, other_shop: TenantScope) -> None:
    for scope, days in ((shop, 92), (shop, 88), (other_shop, 92)):
        with transaction(scope) as session:
            session.execute(
                text("INSERT INTO search_counts (day, terms, searches) VALUES (current_date - :days, 'mug', 1)"),
                {"days": days},
            )
            session.execute(
                text(
                    "INSERT INTO search_runs (kind, status, started_at, finished_at)"
                    " VALUES ('rebuild', 'live', now() - make_interval(days => :days), now())"
                ),
                {"days": days},
            )

    forgotten = forget_in_shop(shop)

    assert forgotten == 2
    for scope, kept in ((shop, (1, 1)), (other_shop, (1, 1))):
        with transaction(scope, read_only=True) as session:
            query = text("SELECT (SELECT count(*) FROM search_counts), (SELECT count(*) FROM search_runs)")
            assert tuple(session.execute(query).one()) == kept


def test_work_reaches_every_shop_whatever_happens_in_one(shop: TenantScope, other_shop: TenantScope) -> None:
    reached: list[int] = []

    def work(scope: TenantScope) -> None:
        if scope == shop:
            raise RuntimeError("this shop is broken")
        reached.append(scope.tenant_id)

    in_every_shop("test", work)("default")

    assert other_shop.tenant_id in reached
    assert shop.tenant_id not in reached


def test_deleted_shops_and_other_pods_are_left_alone(shop: TenantScope, other_shop: TenantScope) -> None:
    with admin_connection("default") as admin:
        admin.execute("UPDATE control.tenants SET status = 'deleted' WHERE id = %s", (other_shop.tenant_id,))

    found = [scope.tenant_id for scope in shops_of("default")]
    with admin_connection("default") as admin:
        admin.execute("UPDATE control.tenants SET status = 'active' WHERE id = %s", (other_shop.tenant_id,))

    assert shop.tenant_id in found
    assert other_shop.tenant_id not in found
    assert shops_of("elsewhere") == []
