"""One shop never reaches another's rows, and a forgotten scope reaches nobody's."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from souk.kernel.connections import engine_of
from souk.kernel.db import NoScope, transaction
from souk.kernel.events import Event
from souk.kernel.models import OutboxEvent
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop


def test_fifty_shops_interleaved_see_only_their_own_row(platform: None) -> None:
    scopes = [make_shop() for _ in range(50)]
    for scope in scopes:
        with transaction(scope) as session:
            write_setting(session, "canary", {"shop": scope.tenant_id})

    order = scopes * 4
    random.Random(7).shuffle(order)
    seen = []
    for scope in order:
        with transaction(scope, read_only=True) as session:
            seen.append(read_setting(session, "canary")["shop"])

    assert seen == [scope.tenant_id for scope in order]


def test_a_query_without_a_scope_fails(shop: TenantScope) -> None:
    with pytest.raises(NoScope, match="A transaction needs a scope"), transaction(None):  # type: ignore[arg-type]
        pass
    with engine_of("default").connect() as connection, pytest.raises(DBAPIError, match="does not exist"):
        connection.execute(text("SELECT name FROM settings"))


def test_a_shops_role_may_not_read_another_schema(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session, pytest.raises(DBAPIError, match="permission denied for schema"):
        session.execute(text(f"SELECT name FROM {other_shop.schema}.settings"))


def test_a_shop_sees_only_its_own_outbox_rows(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        publish(session, Event("product.updated", 7))

    with transaction(other_shop, read_only=True) as session:
        leaked = session.execute(select(OutboxEvent.id).where(OutboxEvent.tenant_id == shop.tenant_id)).all()
    with transaction(shop, read_only=True) as session:
        own = session.execute(select(OutboxEvent.subject_id).where(OutboxEvent.name == "product.updated")).all()

    assert leaked == []
    assert [tuple(row) for row in own] == [(7,)]


@pytest.mark.parametrize("table", ["inventory_movements", "payment_transactions", "order_events"])
def test_the_records_of_stock_and_money_are_insert_only(shop: TenantScope, table: str) -> None:
    with transaction(shop) as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(f"DELETE FROM {table}"))
