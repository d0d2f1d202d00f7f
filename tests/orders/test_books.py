"""The books of a shop balance, and each kind of drift is found, told and repaired."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.main import main
from plugins.api import data_folder
from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.codes import enter_checkout_code
from souk.checkout.complete import complete_checkout
from souk.kernel.connections import admin_connection
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.orders.books.check import check_books, last_result
from souk.orders.books.errors import NoRepair
from souk.orders.books.repair import REPAIRS, repair_drift
from souk.orders.books.return_payment import return_payment
from souk.orders.fulfill import fulfill_order
from souk.orders.read import OrderView, read_order
from souk.orders.refund import refund_order
from souk.payments.gift_cards.issue import NewCard, issue_card
from souk.payments.values import ChargeRequest, Payment
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop


@pytest.fixture(scope="module")
def books(platform: None) -> TenantScope:
    scope = make_shop("books", currency="USD")
    open_for_business(scope)
    return scope


@pytest.fixture(scope="module")
def order_id(books: TenantScope) -> int:
    """An order over 27.50, 6.00 of it paid by a gift card; one of two units is sent, 23.50 went back."""
    with transaction(books) as session:
        mug = make_product(session, stock=10, price=1_000)[0]
        issued = issue_card(session, NewCard(amount=600, currency="USD", recipient={}), "staff:1")
    assert issued is not None
    token = ready_checkout(books, [(mug, 2)])
    with transaction(books) as session:
        enter_checkout_code(session, token, issued[1])
    placed = complete_checkout(books, token, APPROVED).order_id
    assert placed is not None
    with transaction(books) as session:
        line = read_order(session, placed).lines[0].id
        fulfill_order(session, placed, [(line, 1)])
    refund_order(books, placed, 100, [], "late", "staff:1", f"late-{placed}")
    refund_order(books, placed, 2_250, [], "broken", "staff:1", f"broken-{placed}")
    return placed


@pytest.fixture(autouse=True)
def sound(books: TenantScope, order_id: int) -> Iterator[None]:
    assert check_books(books).drifts == []
    yield
    repair_all(books)
    assert check_books(books).drifts == []


def repair_all(scope: TenantScope) -> None:
    for _ in range(2):
        for drift in check_books(scope).drifts:
            if drift.repair:
                repair_drift(scope, drift.repair, drift.subject_id, "staff:1")


def spoil(scope: TenantScope, statement: str, **values: object) -> None:
    """Do what no code of ours does: the tables of facts can only be added to."""
    with admin_connection(scope.pod) as admin:
        admin.execute(f"SET search_path TO {scope.schema}".encode())
        assert admin.execute(statement.encode(), values).rowcount >= 1, statement


def read(scope: TenantScope, order_id: int) -> OrderView:
    with transaction(scope) as session:
        return read_order(session, order_id)


_LEVEL = "(SELECT level_id FROM order_lines WHERE order_id = %(id)s)"
_CARD = "(SELECT gift_card_id FROM gift_card_transactions WHERE order_id = %(id)s AND kind = 'redeemed')"
_OF_CARD = "order_id = %(id)s AND provider = 'gift_card'"
_PROMISE = (
    "WITH more AS (UPDATE inventory_movements SET quantity = quantity + 1 WHERE order_id = %(id)s"
    f" AND kind = 'allocated') UPDATE inventory_levels SET committed = committed + 1 WHERE id = {_LEVEL}"
)
_OF_GATEWAY = "order_id = %(id)s AND provider = 'test_gateway' AND kind = 'sale'"
_LATE = "order_id = %(id)s AND amount = 100"
_GONE = (
    f"WITH gone AS (DELETE FROM refunds WHERE {_LATE} RETURNING id)"
    " DELETE FROM payment_transactions WHERE refund_id IN (SELECT id FROM gone)"
)
# what is done by hand -> (area, repair) that the check must name
CASES: dict[str, tuple[str, str, str]] = {
    "total": ("UPDATE orders SET subtotal = subtotal + 9, total = total + 9 WHERE id = %(id)s", "orders",
              "recount_totals"),
    "status": ("UPDATE orders SET financial_status = 'pending' WHERE id = %(id)s", "orders", "refresh_status"),
    "sent": ("UPDATE order_lines SET fulfilled_quantity = 2 WHERE order_id = %(id)s", "orders", "recount_sent"),
    "refund that moved less": (f"UPDATE refunds SET amount = amount + 7 WHERE {_LATE}", "payments", "settle_refund"),
    "refund that moved": (f"UPDATE refunds SET status = 'failed' WHERE {_LATE}", "payments", "settle_refund"),
    "lost transaction": (f"DELETE FROM payment_transactions WHERE {_LATE}", "payments", "settle_refund"),
    "lost refund": (_GONE, "provider", "reconcile"),
    "lost sale": (f"DELETE FROM payment_transactions WHERE {_OF_GATEWAY}", "payments", "reconcile"),
    "balance": (f"UPDATE gift_cards SET balance = balance + 5 WHERE id = {_CARD}", "gift cards", "recount_card"),
    "payment of a card": (f"DELETE FROM payment_transactions WHERE {_OF_CARD} AND kind = 'sale'", "gift cards",
                          "match_cards"),
    "refund to a card": (f"DELETE FROM payment_transactions WHERE {_OF_CARD} AND kind = 'refund'", "gift cards",
                         "match_cards"),
    "movement of a card": ("DELETE FROM gift_card_transactions WHERE order_id = %(id)s AND kind = 'refunded'",
                           "gift cards", "match_cards"),
    "number": ("UPDATE number_sequences SET next_value = next_value - 1 WHERE name = 'order'", "documents",
               "raise_number"),
    "level": (f"UPDATE inventory_levels SET on_hand = on_hand + 5 WHERE id = {_LEVEL}", "stock", "mend_level"),
    "promise": (_PROMISE, "stock", "promise_stock"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_drift_is_found_and_repaired(books: TenantScope, other_shop: TenantScope, order_id: int, name: str) -> None:
    before = read(books, order_id)
    statement, area, repair = CASES[name]
    spoil(books, statement, id=order_id)

    result = check_books(books)

    assert (area, repair) in {(drift.area, drift.repair) for drift in result.drifts}, result.drifts
    with transaction(books, read_only=True) as session:
        kept = last_result(session)
    assert kept is not None
    assert [drift.text for drift in kept.drifts] == [drift.text for drift in result.drifts]
    assert check_books(other_shop).drifts == []
    repair_all(books)
    assert check_books(books).drifts == []
    for drift in result.drifts:
        # A button that is pressed again changes nothing more.
        repair_drift(books, drift.repair, drift.subject_id, "staff:1")
    assert check_books(books).drifts == []
    after = read(books, order_id)
    facts = ("total", "financial_status", "fulfillment_status")
    assert [getattr(after, fact) for fact in facts] == [getattr(before, fact) for fact in facts]
    assert moved(after) == moved(before)


def test_an_order_whose_record_of_money_is_lost_keeps_its_payment(books: TenantScope) -> None:
    with transaction(books) as session:
        variant_id = make_product(session, price=1_000)[0]
    paid = complete_checkout(books, ready_checkout(books, [(variant_id, 1)]), APPROVED).order_id
    assert paid is not None
    spoil(books, "DELETE FROM payment_transactions WHERE order_id = %(id)s", id=paid)

    found = {(drift.area, drift.repair) for drift in check_books(books).drifts if drift.subject_id == paid}
    repair_all(books)

    # It was told to go back: it pays no order that the books knew.
    assert ("provider", "reconcile") in found
    assert check_books(books).drifts == []
    assert (read(books, paid).financial_status, moved(read(books, paid))) == ("paid", [("in", read(books, paid).total)])


def moved(order: OrderView) -> list[tuple[str, int]]:
    # A sale that was lost comes back as the capture that the provider tells of.
    kinds = {"sale": "in", "capture": "in", "refund": "out"}
    return sorted((kinds[row.kind], row.amount) for row in order.payments if row.status == "success")


def orphan(scope: TenantScope, key: str, order_id: int | None) -> int:
    """Return a payment of 5.00 that pays no order; with `order_id` the record names one that is not there."""
    Gateway().charge(ChargeRequest(Payment(key, 500, "USD"), APPROVED))
    token = ready_checkout(scope, [(make_variant(scope), 1)])
    spoil(
        scope,
        "INSERT INTO payment_sessions (checkout_id, provider, status, amount, currency, idempotency_key, created_at,"
        " updated_at) SELECT id, 'test_gateway', 'captured', 500, 'USD', %(key)s, now() - interval '1 hour',"
        " now() - interval '1 hour' FROM checkouts WHERE token = %(token)s",
        key=key, token=token,
    )  # fmt: skip
    if order_id is not None:
        spoil(
            scope,
            "INSERT INTO payment_transactions (session_id, order_id, kind, status, amount, currency, provider,"
            " idempotency_key, processed_at) SELECT id, %(order)s, 'sale', 'success', 500, 'USD', provider,"
            " idempotency_key, now() FROM payment_sessions WHERE idempotency_key = %(key)s",
            key=key, order=order_id,
        )  # fmt: skip
    with transaction(scope) as session:
        found = session.execute(text("SELECT id FROM payment_sessions WHERE idempotency_key = :key"), {"key": key})
        return int(found.scalar_one())


def make_variant(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return make_product(session, stock=10, price=1_000)[0]


@pytest.mark.parametrize("missing", [None, 999_999])
def test_money_without_an_order_goes_back(books: TenantScope, order_id: int, missing: int | None) -> None:
    key = f"orphan-{missing}"
    session_id = orphan(books, key, missing)

    found = {(drift.area, drift.repair, drift.subject_id) for drift in check_books(books).drifts}
    for _ in range(2):
        repair_drift(books, "return_payment", session_id, "staff:1")

    assert ("payments", "return_payment", session_id) in found
    told = Gateway().status(Payment(key, 500, "USD"))
    assert told is not None
    assert (told.captured, told.refunded) == (500, 500)
    assert check_books(books).drifts == []


def test_money_that_pays_an_order_cannot_be_returned_as_if_it_did_not(books: TenantScope, order_id: int) -> None:
    with transaction(books) as session:
        found = text("SELECT max(session_id) FROM payment_transactions WHERE order_id = :id")
        session_id = session.execute(found, {"id": order_id}).scalar_one()

    for subject in (session_id, 10**9):
        with pytest.raises(NoRepair):
            return_payment(books, subject, "staff:1")
    with pytest.raises(NoRepair):
        repair_drift(books, "magic", order_id, "staff:1")
    for repair in REPAIRS - {"mend_level", "release_cards"}:
        with pytest.raises(SoukError):
            repair_drift(books, repair, 10**9, "staff:1")
    assert check_books(books).drifts == []


def test_a_refund_that_the_provider_lost_is_paid_out(books: TenantScope, order_id: int) -> None:
    with transaction(books) as session:
        found = text("SELECT idempotency_key FROM payment_transactions WHERE order_id = :id AND kind = 'refund'"
                     " AND provider = 'test_gateway' AND amount > 100")  # fmt: skip
        key = session.execute(found, {"id": order_id}).scalar_one()
    with closing(sqlite3.connect(data_folder("test_gateway") / "charges.sqlite")) as ledger, ledger:
        assert ledger.execute("DELETE FROM refunds WHERE key = ?", (key,)).rowcount == 1

    (drift,) = check_books(books).drifts
    repair_drift(books, drift.repair, drift.subject_id, "staff:1")

    assert (drift.area, drift.repair) == ("provider", "repeat_refunds")
    assert check_books(books).drifts == []


def test_what_a_checkout_left_on_hold_goes_back_to_its_card(books: TenantScope, order_id: int) -> None:
    with transaction(books) as session:
        card_id = session.execute(text("SELECT max(id) FROM gift_cards")).scalar_one()
    held: dict[str, Any] = {"card": card_id, "checkout": 10**9}
    spoil(
        books,
        "WITH taken AS (UPDATE gift_cards SET balance = balance - 50 WHERE id = %(card)s RETURNING id, balance)"
        " INSERT INTO gift_card_transactions (gift_card_id, kind, amount, balance, reference, checkout_id, created_at)"
        " SELECT id, 'held', -50, balance, 'attempt-0', %(checkout)s, now() - interval '2 hours' FROM taken",
        **held,
    )

    (drift,) = check_books(books).drifts
    repair_drift(books, drift.repair, drift.subject_id, "staff:1")

    assert (drift.area, drift.repair) == ("gift cards", "release_cards")


def test_the_command_tells_and_exits(books: TenantScope, order_id: int) -> None:
    sound = CliRunner().invoke(main, ["books", "check", "books"])
    spoil(books, CASES["status"][0], id=order_id)
    broken = CliRunner().invoke(main, ["books", "check", "books", "--no-providers"])
    mended = CliRunner().invoke(main, ["books", "check", "books", "--repair", "--json"])

    assert (sound.exit_code, "The books balance." in sound.output) == (0, True)
    assert (broken.exit_code, "is pending; its payments make it partially_refunded" in broken.output) == (1, True)
    assert (mended.exit_code, '"total": 0' in mended.output) == (0, True)
