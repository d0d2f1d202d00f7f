"""Search tests: what a query must show, checked before a new index goes live and whenever somebody asks."""

from __future__ import annotations

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.search.policy import read_policy
from souk.search.promises import add_search_test, delete_search_test
from souk.search.trial import note_trials, read_trials, run_trials
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.search_reads import list_tests, product_of
from souk.web.searching import engine


@blueprint.get("/shops/<slug>/search/tests")
@in_shop()
def search_tests(access: ShopAccess) -> Answer:
    return _tests_page(access)


def _tests_page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        rows = list_tests(session)
    return page("search_tests.html", rows=rows, error=error)


@blueprint.post("/shops/<slug>/search/tests")
@in_shop(Permission.CATALOG)
def new_search_test(access: ShopAccess) -> Answer:
    within = request.form.get("within", "")
    try:
        with transaction(access.scope) as session:
            product_id = product_of(session, request.form.get("product", "").replace("\0", "").strip())
            place = int(within) if within.isascii() and within.isdecimal() and len(within) < 4 else 0  # noqa: PLR2004 - 50 is the most
            add_search_test(session, request.form.get("terms", ""), product_id, place)
    except SoukError as error:
        return _tests_page(access, error), error.status
    return done("The test is kept; the next index has to pass it.", "search_tests", access)


@blueprint.post("/shops/<slug>/search/tests/run")
@in_shop(Permission.CATALOG)
def run_search_tests(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        policy, trials = read_policy(session), read_trials(session)
    try:
        done_trials = run_trials(lambda query: engine().search(access.scope.schema, query), policy, trials)
    except SoukError as error:
        return _tests_page(access, error), error.status
    with transaction(access.scope) as session:
        note_trials(session, done_trials)
    failed = sum(not trial.passed for trial in done_trials)
    told = f"{failed} of {len(done_trials)} tests fail." if failed else f"All {len(done_trials)} tests pass."
    return done(told, "search_tests", access)


@blueprint.post("/shops/<slug>/search/tests/<int:search_test_id>/delete")
@in_shop(Permission.CATALOG)
def remove_search_test(access: ShopAccess, search_test_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_search_test(session, search_test_id)
    return done("The test is gone.", "search_tests", access)
