"""Search tests: what a query must show, kept, run against the live index, and demanded of every new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from souk.catalog.models import Product
from souk.kernel import ids
from souk.kernel.db import transaction
from souk.search.errors import SearchIndexMissing, SearchIndexNotBuilt
from souk.search.models import SearchTest
from souk.search.policy import read_policy
from souk.search.promises import add_search_test, delete_search_test
from souk.search.trial import note_trials, read_trials, run_trials
from souk.web.api.admin.references import known_ids
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_search import NewSearchTest, SearchTestPage, SearchTestResults, SearchTestView
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import CursorParameters, Deleted
from souk.web.searching import engine

_COLUMNS: tuple[Any, ...] = (
    SearchTest.id, SearchTest.terms, SearchTest.product_id, SearchTest.within, SearchTest.found_at,
    SearchTest.checked_at, SearchTest.created_at,
)  # fmt: skip


@admin_api.operation(
    "GET",
    "/search/tests",
    summary="List search tests, newest first",
    tag="search",
    takes=CursorParameters,
    answers=SearchTestPage,
    access="admin",
    permission="read_search",
)
def list_search_tests(call: Call, query: CursorParameters) -> SearchTestPage:
    rows = _rows(call.session, after(SearchTest.id.expression, query.after), query.limit + 1)
    shown = [_view(row) for row in rows[: query.limit]]
    return SearchTestPage(tests=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "POST",
    "/search/tests",
    summary="Demand that a query shows a product; the same pair again changes `within`",
    tag="search",
    takes=NewSearchTest,
    answers=SearchTestView,
    status=201,
    access="admin",
    permission="write_search",
)
def create_search_test(call: Call, body: NewSearchTest) -> SearchTestView:
    product_id = known_ids(call.session, "product_id", ids.PRODUCT, [body.product_id], Product.id)[0]
    test_id = add_search_test(call.session, body.terms, product_id, body.within)
    return _view(_rows(call.session, [SearchTest.id == test_id], 1)[0])


@admin_api.operation(
    "POST",
    "/search/tests/run",
    summary="Run all search tests against the live index",
    tag="search",
    takes=Nothing,
    answers=SearchTestResults,
    access="admin",
    permission="write_search",
    edge=True,
    optional_body=True,
    problems={409: "`search_index_not_built`.", 503: "`search_unavailable`: the engine does not answer."},
)
def run_search_tests(call: Call, _body: Nothing) -> SearchTestResults:
    with transaction(call.scope, read_only=True) as session:
        policy, trials = read_policy(session), read_trials(session)
    # The engine may be a service on the network: no transaction is open while it is asked.
    try:
        done = run_trials(lambda query: engine().search(call.scope.schema, query), policy, trials)
    except SearchIndexMissing:
        raise SearchIndexNotBuilt from None
    with transaction(call.scope) as session:
        note_trials(session, done)
        rows = _rows(session, [SearchTest.id.in_([trial.id for trial in done])], len(done) or 1)
    shown = [_view(row) for row in rows]
    return SearchTestResults(failed=sum(not test.passed for test in shown), tests=shown)


@admin_api.operation(
    "DELETE",
    "/search/tests/{search_test_id}",
    summary="Delete a search test",
    tag="search",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_search",
)
def remove_search_test(call: Call, _query: Nothing) -> Deleted:
    delete_search_test(call.session, ids.decode(ids.SEARCH_TEST, call.path["search_test_id"]))
    return Deleted(id=call.path["search_test_id"])


def _rows(session: Session, where: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Row[Any]]:
    return session.execute(select(*_COLUMNS).where(*where).order_by(SearchTest.id.desc()).limit(limit)).all()


def _view(row: Row[Any]) -> SearchTestView:
    return SearchTestView(
        id=ids.encode(ids.SEARCH_TEST, row.id),
        terms=row.terms,
        product_id=ids.encode(ids.PRODUCT, row.product_id),
        within=row.within,
        found_at=row.found_at,
        passed=row.found_at is not None and row.found_at <= row.within,
        checked_at=row.checked_at,
        created_at=row.created_at,
    )
