"""Alternate templates: other ways to show a product, collection or page, chosen for each by the end of their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from themes.builtin_files import builtin_handles
from themes.models import ThemeInstallation
from themes.theme import DEFAULT_THEME, load_builtin

KINDS = ("product", "collection", "page")
_PATH = re.compile(r"templates/([a-z]+)\.([a-z0-9][a-z0-9_-]{0,49})\.json")


@dataclass(frozen=True, slots=True)
class Alternates:
    """`live` are those that shoppers can see now; `coming` stand in drafts only. `theme_id` is the live theme."""

    live: tuple[str, ...]
    coming: tuple[str, ...]
    theme_id: int | None


def alternates(session: Session, kind: str) -> Alternates:
    """Return the names after the dot, such as `gift` of templates/product.gift.json, of all the shop's themes."""
    live, others, theme_id = set[str](), set[str](), None
    for row in session.execute(_PATHS):
        files = set(row.files or ()) if row.files else _builtin(row.base_handle)
        shown = set(_named(kind, {*files, *(row.templates or ())}))
        others |= shown | set(_named(kind, {*(row.drafted or ()), *(row.drafted_files or ())}))
        if row.live:
            live, theme_id = shown, row.id
    if theme_id is None:
        live = set(_named(kind, _builtin(DEFAULT_THEME)))
    return Alternates(tuple(sorted(live)), tuple(sorted(others - live)), theme_id)


def _keys(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.jsonb_path_query_array(column, literal_column("'$.keyvalue().key'"))


# Names only: the templates of twenty themes can be twenty megabytes.
_PATHS = select(
    ThemeInstallation.id,
    (ThemeInstallation.role == "main").label("live"),
    ThemeInstallation.base_handle,
    _keys(ThemeInstallation.files.expression).label("files"),
    _keys(ThemeInstallation.templates.expression).label("templates"),
    _keys(ThemeInstallation.draft.expression["templates"]).label("drafted"),
    _keys(ThemeInstallation.draft.expression["files"]).label("drafted_files"),
)


def _builtin(handle: str) -> set[str]:
    return set(load_builtin(handle).files) if handle in builtin_handles() else set()


def _named(kind: str, paths: set[str]) -> Iterator[str]:
    for path in paths:
        found = _PATH.fullmatch(path)
        if found and found[1] == kind:
            yield found[2]
