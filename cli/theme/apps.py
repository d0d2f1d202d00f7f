"""The apps whose blocks the example shop shows: all that are installed beside the `souk` command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def every_app() -> Mapping[str, Mapping[str, Any]]:
    """Install the blocks of the installed plugins; returns them by id, each with the settings it begins with."""
    from plugins.loader import install_app_blocks
    from themes.apps import installed

    install_app_blocks()
    return {app.id: {} for app in installed()}


def app_asset(rest: str) -> bytes | None:
    """Return the file at `<app>/<hash>/<name>`, or None."""
    from themes.apps import installed

    app_id, _, place = rest.partition("/")
    sha12, _, name = place.partition("/")
    return next((app.theme.asset(sha12, name) for app in installed() if app.id == app_id), None)
