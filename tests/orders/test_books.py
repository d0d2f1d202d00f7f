"""The books of a shop balance, and each kind of drift is found, told and repaired."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.main import main
from souk.checkout.complete import complete_checkout
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.orders.books.check import NoRepair, check_books, last_result, repair_drift
from souk.orders.fulfill import fulfill_order
from souk.orders.read import read_order
from souk.orders.refund import refund_order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop


@pytest.fixture(scope="module")
def books(platform: None) -> TenantScope:
    scope = make_shop("books", currency="USD")
    open_for_business(scope)
    return scope


@pytest.fixture
def order_id(books: TenantScope) -> Iterator[int]:
    """An order of two units, one of them sent, with a refund of 1.00."""
    with transaction(books) as session:
        mug = make_product(session, stock=10, price=1_000)[0]
    placed = complete_checkout(books, ready_checkout(books, [(mug, 2)]), APPROVED).order_id
    assert placed is not None
    with transaction(books) as session:
        line = read_order(session, placed).lines[0].id
        fulfill_order(session, placed, [(line, 1)])
    refund_order(books, placed, 100, [], "late", "staff:1", f"late-{placed}")
    yield placed
    for drift in check_books(books).drifts:
        if drift.repair:
            repair_drift(books, drift.repair, drift.subject_id, "test")
    assert check_books(books).drifts == []


def spoil(scope: TenantScope, statement: str, **values: object) -> None:
    with transaction(scope) as session:
        assert len(session.execute(text(f"{statement} RETURNING 1"), values).all()) == 1


_OTHER_STOCK = (
    "UPDATE inventory_levels SET on_hand = on_hand + 5 WHERE id ="
    " (SELECT level_id FROM order_lines WHERE order_id = :id)"
)
CASES = {
    "status": ("UPDATE orders SET financial_status = 'pending' WHERE id = :id", "orders", "refresh_status"),
    "sent": ("UPDATE order_lines SET fulfilled_quantity = 2 WHERE order_id = :id", "orders", "recount_sent"),
    "stock": (_OTHER_STOCK, "stock", "mend_level"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_drift_is_found_and_repaired(books: TenantScope, other_shop: TenantScope, order_id: int, name: str) -> None:
    assert check_books(books).drifts == []
    statement, area, repair = CASES[name]
    spoil(books, statement, id=order_id)

    result = check_books(books)

    assert (area, repair) in {(drift.area, drift.repair) for drift in result.drifts}
    with transaction(books, read_only=True) as session:
        kept = last_result(session)
    assert kept is not None
    assert [drift.text for drift in kept.drifts] == [drift.text for drift in result.drifts]
    assert check_books(other_shop).drifts == []
    for _ in range(2):
        for drift in result.drifts:
            if drift.repair:
                repair_drift(books, drift.repair, drift.subject_id, "staff:1")
    assert check_books(books).drifts == []
    with pytest.raises(NoRepair):
        repair_drift(books, "magic", order_id, "staff:1")


def test_money_that_moved_elsewhere_is_told_and_recorded(books: TenantScope, order_id: int) -> None:
    with transaction(books) as session:
        key = session.execute(text("SELECT idempotency_key FROM payment_transactions WHERE kind = 'refund'"
                                   " AND order_id = :id"), {"id": order_id}).scalar_one()  # fmt: skip
        before = session.execute(text("SELECT count(*) FROM payment_transactions")).scalar_one()
    # A row of the record is lost: the gateway says that more went back than we know.
    with admin_connection(books.pod) as admin:
        admin.execute(f"DELETE FROM {books.schema}.payment_transactions WHERE idempotency_key = %s".encode(), (key,))
        admin.execute(f"DELETE FROM {books.schema}.refunds WHERE order_id = %s".encode(), (order_id,))

    areas = {(drift.area, drift.repair) for drift in check_books(books).drifts}

    assert ("provider", "reconcile") in areas
    repair_drift(books, "reconcile", order_id, "staff:1")
    with transaction(books) as session:
        assert session.execute(text("SELECT count(*) FROM payment_transactions")).scalar_one() == before


def test_the_command_tells_and_exits(books: TenantScope, order_id: int) -> None:
    sound = CliRunner().invoke(main, ["books", "check", "books"])
    spoil(books, CASES["status"][0], id=order_id)
    broken = CliRunner().invoke(main, ["books", "check", "books", "--no-providers"])
    mended = CliRunner().invoke(main, ["books", "check", "books", "--repair", "--json"])

    assert (sound.exit_code, "The books balance." in sound.output) == (0, True)
    assert (broken.exit_code, "is pending; its payments make it partially_refunded" in broken.output) == (1, True)
    assert (mended.exit_code, '"total": 0' in mended.output) == (0, True)
