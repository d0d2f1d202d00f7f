"""A statement below the Session does what the Session does: values, defaults, types, errors and listeners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg.errors
import pytest
from sqlalchemy import LargeBinary, TypeDecorator, bindparam, column, event, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import clock
from souk.kernel.configuration import configuration
from souk.kernel.connections import engine_of
from souk.kernel.db import transaction
from souk.kernel.models import Setting
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.statement import NotForTheDriverError, Statement
from souk.kernel.tenancy import TenantScope
from souk.kernel.write_rows import insert_once, insert_row, insert_rows, update_row
from souk.tax.models import TaxRate

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
_SETTING = Statement[Any](select(Setting.name, Setting.value, Setting.version).where(Setting.name == bindparam("name")))


@dataclass(frozen=True)
class Rate:
    id: int
    rate: Decimal
    applies_to_shipping: bool


_RATES = Statement(
    select(TaxRate.id, TaxRate.rate, TaxRate.applies_to_shipping)
    .where(TaxRate.country == bindparam("country"))
    .order_by(TaxRate.id),
    Rate,
)


def rate(country: str, percent: str) -> dict[str, Any]:
    return {"country": country, "rate": Decimal(percent), "name": f"VAT {percent}"}


def test_rows_have_names_and_hostile_values_stay_values(shop: TenantScope) -> None:
    name = "o'neil; DROP TABLE settings --%s $1"
    with transaction(shop) as session:
        session.execute(text("INSERT INTO settings (name, value) VALUES (:name, '{\"a\": [1]}')"), {"name": name})
        row = _SETTING.one(session, name=name)
        assert (row.name, row.value, row.version) == (name, {"a": [1]}, 1)
        assert _SETTING.first(session, name="absent") is None
        with pytest.raises(LookupError):
            _SETTING.one(session, name="absent")
        session.rollback()


def test_many_rows_come_back_in_their_order_with_exact_values(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        rows = [rate("XA", percent) for percent in ("0.190000", "0.070000", "0.000001")]
        ids = insert_rows(session, TaxRate, rows)
        found = _RATES.all(session, country="XA")
        assert [one.id for one in found] == ids
        assert [one.rate for one in found] == [Decimal("0.19"), Decimal("0.07"), Decimal("0.000001")]
        assert insert_rows(session, TaxRate, []) == []
    with transaction(other_shop, read_only=True) as session:
        assert _RATES.all(session, country="XA") == []


def test_one_row_gets_the_defaults_of_its_model(shop: TenantScope) -> None:
    with clock.frozen(NOW), transaction(shop) as session:
        row_id = insert_row(session, Product, {"handle": "plain", "title": "Plain"})
        row = session.execute(select(Product.status, Product.created_at).where(Product.id == row_id)).one()
        assert tuple(row) == (Product.__table__.c.status.default.arg, NOW)
        update_row(session, Product, row_id, {"title": "Changed"})
        assert session.scalar(select(Product.title).where(Product.id == row_id)) == "Changed"


def test_a_row_that_is_there_is_written_once_or_refused_as_the_session_refuses(shop: TenantScope) -> None:
    row = {"handle": "once", "title": "First"}
    with transaction(shop) as session:
        assert insert_once(session, Product, row)
        assert not insert_once(session, Product, {**row, "title": "Second"})
    with pytest.raises(IntegrityError) as refused, transaction(shop) as session:
        insert_row(session, Product, row)
    assert isinstance(refused.value.orig, psycopg.errors.UniqueViolation)


def test_values_that_the_statement_does_not_have_are_refused(shop: TenantScope) -> None:
    with transaction(shop, read_only=True) as session, pytest.raises(TypeError, match="surplus"):
        _SETTING.all(session, name="x", surplus=1)
    with transaction(shop, read_only=True) as session, pytest.raises(TypeError, match="takes .'name'"):
        _SETTING.all(session)


class Upper(TypeDecorator[str]):
    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: Any) -> str:
        return str(value)


@pytest.mark.parametrize(
    "source",
    [
        select(Setting.name).where(Setting.name.in_(bindparam("names", expanding=True))),
        select(column("value", Upper())).select_from(Setting),
    ],
)
def test_what_only_the_session_can_run_is_refused(shop: TenantScope, source: Any) -> None:
    with transaction(shop, read_only=True) as session, pytest.raises(NotForTheDriverError):
        Statement[Any](source).all(session)


def test_listeners_of_the_engine_see_every_statement(shop: TenantScope) -> None:
    seen: list[str] = []

    def note(*args: Any) -> None:
        seen.append(args[2])

    event.listen(engine_of("default"), "before_cursor_execute", note)
    try:
        with transaction(shop, read_only=True) as session:
            _SETTING.first(session, name="shop")
    finally:
        event.remove(engine_of("default"), "before_cursor_execute", note)
    assert [one.split()[:2] for one in seen] == [["SELECT", "settings.name,"]]


@pytest.mark.parametrize("configured", [True, False])
def test_configuration_is_that_of_its_transaction(
    shop: TenantScope, other_shop: TenantScope, *, configured: bool
) -> None:
    def mine(session: Session) -> dict[str, Any]:
        return read_setting(session, "about_statements")

    with transaction(shop, configured=configured) as session:
        before = mine(session)
        write_setting(session, "about_statements", {"count": before.get("count", 0) + 1})
        assert mine(session) == {"count": before.get("count", 0) + 1}
    with transaction(shop, configured=configured, read_only=True) as session:
        assert mine(session)["count"] >= 1
    with transaction(other_shop, configured=configured, read_only=True) as session:
        assert mine(session) == {}
        assert configuration(session).settings.keys() == {row.name for row in session.execute(select(Setting.name))}
