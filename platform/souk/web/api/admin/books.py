"""Do the books balance: the last check, a new one, and repairs."""

from __future__ import annotations

from souk.orders.books.check import Result, check_books, last_result
from souk.orders.books.repair import repair_drift
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_books import BooksView, CheckBooks, DriftView, RepairBooks
from souk.web.api.schemas.common import Nothing


@admin_api.operation(
    "GET",
    "/books",
    summary="Read the last check of the books",
    tag="books",
    takes=Nothing,
    answers=BooksView,
    access="admin",
    permission="read_orders",
)
def read_books(call: Call, _query: Nothing) -> BooksView:
    return _view(last_result(call.session))


@admin_api.operation(
    "POST",
    "/books/checks",
    summary="Check the books now: providers, payments, orders, gift cards, documents and stock",
    tag="books",
    takes=CheckBooks,
    answers=BooksView,
    access="admin",
    permission="write_orders",
    edge=True,
    optional_body=True,
)
def check_books_now(call: Call, body: CheckBooks) -> BooksView:
    return _view(check_books(call.scope, ask_providers=body.ask_providers))


@admin_api.operation(
    "POST",
    "/books/repairs",
    summary="Do the repair that a drift names, and check again",
    tag="books",
    takes=RepairBooks,
    answers=BooksView,
    access="admin",
    permission="write_orders",
    edge=True,
    problems={
        404: "What the drift is about is not there any more.",
        409: "`refund_refused`: the provider did not give the money back; `out_of_stock`: others have the units.",
    },
)
def repair_books(call: Call, body: RepairBooks) -> BooksView:
    repair_drift(call.scope, body.repair, body.subject_id, call.actor)
    return _view(check_books(call.scope))


def _view(result: Result | None) -> BooksView:
    if result is None:
        return BooksView(checked_at=None, total=0, drifts=[])
    drifts = [DriftView.model_validate(drift.to_json()) for drift in result.drifts]
    return BooksView(checked_at=result.checked_at, total=result.total, drifts=drifts)
