"""Synonyms, stop words and facets."""

from __future__ import annotations

from flask import request

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.settings import read_setting
from souk.search.save_settings import save_search_settings
from souk.search.settings import GROUP, FacetChoice, SearchSettings, from_json
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page
from souk.web.dashboard.search_reads import facet_sources
from souk.web.searching import forget_policy

LAST = 999


@blueprint.route("/shops/<slug>/search/settings", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def search_settings(access: ShopAccess) -> Answer:
    if request.method == "GET":
        with transaction(access.scope, read_only=True) as session:
            kept = from_json(read_setting(session, GROUP))
        return _settings_page(access, kept)
    typed = _typed()
    try:
        with transaction(access.scope) as session:
            save_search_settings(session, typed)
    except SoukError as error:
        return _settings_page(access, typed, error), error.status
    forget_policy(access.scope)
    return done("Saved. A new index is being built with it.", "search_settings", access)


def _settings_page(access: ShopAccess, form: SearchSettings, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        sources = facet_sources(session, form.facets)
    labels = {facet.source: facet.label for facet in form.facets}
    return page("search_settings.html", form=form, sources=sources, labels=labels, error=error)


def _typed() -> SearchSettings:
    groups = (tuple(filter(None, map(str.strip, line.split(",")))) for line in _lines("synonyms"))
    return SearchSettings(tuple(groups), tuple(_lines("stop_words")), _facets())


def _lines(name: str) -> list[str]:
    return [line for line in map(str.strip, request.form.get(name, "").splitlines()) if line]


def _facets() -> tuple[FacetChoice, ...]:
    """Return the ticked facets in the order of their numbers."""
    sources, labels, places = (request.form.getlist(name) for name in ("source", "label", "place"))
    ticked = set(request.form.getlist("facet"))
    rows = [
        (_place(place), FacetChoice(source, label.strip()))
        for source, label, place in zip(sources, labels, places, strict=False)
        if source in ticked
    ]
    return tuple(facet for _, facet in sorted(rows, key=lambda row: row[0]))


def _place(given: str) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else LAST  # noqa: PLR2004 - 999 places
