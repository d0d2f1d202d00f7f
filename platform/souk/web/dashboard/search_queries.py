"""What shoppers searched for, and the state of the index."""

from __future__ import annotations

from typing import cast

from flask import request

from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.search.reports import Report, last_runs, query_report
from souk.search.settings import GROUP
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.search_reads import products_by_id

REPORTS = {"popular": "Most asked", "without_results": "Without results", "without_clicks": "Without clicks"}


@blueprint.get("/shops/<slug>/search")
@in_shop()
def search_queries(access: ShopAccess) -> Answer:
    chosen = request.args.get("report", "")
    report = cast("Report", chosen if chosen in REPORTS else "popular")
    with transaction(access.scope, read_only=True) as session:
        rows, runs = query_report(session, report), last_runs(session)
        refused = [failure["product_id"] for run in runs if run.status == "refused" for failure in run.details]
        products = products_by_id(session, refused) if refused else {}
    return page("search_queries.html", rows=rows, runs=runs, report=report, reports=REPORTS, products=products)


@blueprint.post("/shops/<slug>/search/rebuild")
@in_shop(Permission.CATALOG)
def rebuild_search(access: ShopAccess) -> Answer:
    with transaction(access.scope) as session:
        publish(session, Event("settings.updated", 0, {"name": GROUP}))
    return done("A new index is being built; it goes live when every search test passes.", "search_queries", access)
