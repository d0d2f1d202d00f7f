"""Search: synonyms, stop words and facets, the index that is built with them, and what shoppers asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from souk.kernel import ids
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.search.models import SearchRun
from souk.search.reports import query_report
from souk.search.save_settings import lock_search_settings, save_search_settings
from souk.search.settings import GROUP, FacetChoice, SearchSettings
from souk.web.api.cursors import after, cursor_of
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_search import (
    FacetInput,
    IndexAsked,
    QueryReport,
    QueryView,
    ReportParameters,
    SearchRunPage,
    SearchRunView,
    SearchSettingsChanges,
    SearchSettingsView,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import CursorParameters

_RUN: tuple[Any, ...] = (
    SearchRun.id, SearchRun.kind, SearchRun.status, SearchRun.products, SearchRun.details, SearchRun.started_at,
    SearchRun.finished_at,
)  # fmt: skip


@admin_api.operation(
    "GET",
    "/search/settings",
    summary="Read synonyms, stop words and facets",
    tag="search",
    takes=Nothing,
    answers=SearchSettingsView,
    access="admin",
    permission="read_search",
)
def read_search_settings(call: Call, _query: Nothing) -> SearchSettingsView:
    return _view(*lock_search_settings(call.session, lock=False))


@admin_api.operation(
    "PATCH",
    "/search/settings",
    summary="Change synonyms, stop words and facets; a new index is built with them",
    tag="search",
    takes=SearchSettingsChanges,
    answers=SearchSettingsView,
    access="admin",
    permission="write_search",
    problems={409: "`search_settings_changed`, with the `version` of now."},
)
def change_search_settings(call: Call, body: SearchSettingsChanges) -> SearchSettingsView:
    present, _version = lock_search_settings(call.session, body.version)
    named = body.named()
    groups = tuple(map(tuple, named["synonyms"])) if "synonyms" in named else present.synonyms
    words = tuple(named["stop_words"]) if "stop_words" in named else present.stop_words
    facets = present.facets
    if "facets" in named:
        facets = tuple(FacetChoice(facet.source, facet.label) for facet in named["facets"])
    save_search_settings(call.session, SearchSettings(groups, words, facets))
    return _view(*lock_search_settings(call.session))


@admin_api.operation(
    "POST",
    "/search/index",
    summary="Build the index anew, beside the live one",
    tag="search",
    takes=Nothing,
    answers=IndexAsked,
    status=202,
    access="admin",
    permission="write_search",
    optional_body=True,
)
def rebuild_search_index(call: Call, _body: Nothing) -> IndexAsked:
    publish(call.session, Event("settings.updated", 0, {"name": GROUP}))
    return IndexAsked()


@admin_api.operation(
    "GET",
    "/search/runs",
    summary="List rebuilds and comparisons of the index, newest first",
    tag="search",
    takes=CursorParameters,
    answers=SearchRunPage,
    access="admin",
    permission="read_search",
)
def list_search_runs(call: Call, query: CursorParameters) -> SearchRunPage:
    wanted = select(*_RUN).where(*after(SearchRun.id.expression, query.after)).order_by(SearchRun.id.desc())
    rows = call.session.execute(wanted.limit(query.limit + 1)).all()
    shown = [
        SearchRunView(**(row._asdict() | {"id": ids.encode(ids.SEARCH_RUN, row.id)})) for row in rows[: query.limit]
    ]
    return SearchRunPage(runs=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "GET",
    "/search/queries",
    summary="Read what shoppers searched for: most often, without results, or without a click",
    tag="search",
    takes=ReportParameters,
    answers=QueryReport,
    access="admin",
    permission="read_search",
)
def report_queries(call: Call, query: ReportParameters) -> QueryReport:
    found = query_report(call.session, query.report, query.days)
    return QueryReport(queries=[QueryView(**asdict(one)) for one in found])


def _view(settings: SearchSettings, version: int) -> SearchSettingsView:
    return SearchSettingsView(
        synonyms=[list(group) for group in settings.synonyms],
        stop_words=list(settings.stop_words),
        facets=[FacetInput(source=facet.source, label=facet.label) for facet in settings.facets],
        version=version,
    )
