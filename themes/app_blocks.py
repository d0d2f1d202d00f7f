"""Draws the blocks of apps: within a budget of their own, and never at the cost of the section around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, thread_time
from typing import Any

import structlog
from markupsafe import Markup

from themes.apps import App, AppBlockMissing, find_app, place_of_block
from themes.drops.base import Drop
from themes.page import State, state
from themes.sandbox.access import exposes
from themes.sandbox.budget import Budget, BudgetExceeded, current, running
from themes.schema import BlockDef
from themes.settings import SettingsDrop

log = structlog.get_logger(__name__)
MAX_SHOWN = 30
MAX_OUTPUT = 32 * 1024


@exposes("id", "name", "settings")
class AppDrop(Drop):
    """The app that a block belongs to; `settings` are what the merchant set on the app's own page."""

    __slots__ = ("id", "name", "settings")

    def __init__(self, app: App, settings: SettingsDrop) -> None:
        self.id = app.id
        self.name = app.name
        self.settings = settings


def app_block(block: BlockDef, drop: Any, parent: dict[str, Any]) -> Markup:
    """Return the block in its wrapper: empty without output; what is wrong is told to the editor only."""
    page = state()
    # What the app is set to is in no key of a part that is kept.
    page.scope.tainted = True
    design = page.page.request.design_mode
    try:
        html = _drawn(page, block, drop, parent)
    except Exception as error:  # noqa: BLE001 - an app must not take the merchant's section down, whatever it did
        if not isinstance(error, AppBlockMissing):
            log.warning("app_block_failed", block=block.type, error=str(error))
            page.failed.append(block.type)
        html = _explained(block, error) if design else Markup()
    if not html:
        return Markup('<div class="app-block"{}></div>').format(drop.attributes) if design else Markup()
    app_id, name = place_of_block(block.type)
    opening = Markup('<div class="app-block app-block--{}-{}"{}>').format(app_id, name, drop.attributes)
    return opening + html + Markup("</div>")


def _drawn(page: State, block: BlockDef, drop: Any, parent: dict[str, Any]) -> Markup:
    app = find_app(block.type, page.page.apps)
    compiled = app.theme.file(f"blocks/{place_of_block(block.type)[1]}.html")
    values = {**parent, "block": drop, "app": AppDrop(app, app.settings(page.page.apps[app.id]))}
    with _own_budget(page), _among_its_files(page, app), page.measured(block.type):
        html = Markup(compiled.render(values, {}).strip())
        if len(html) > MAX_OUTPUT:
            raise BudgetExceeded("output")
        return html


@contextmanager
def _own_budget(page: State) -> Iterator[None]:
    """Run on the account of the apps: what a block takes, in vain or not, its section still has."""
    used, around = page.apps, current()
    used.blocks += 1
    if used.blocks > MAX_SHOWN:
        raise AppBlockMissing(f"A page shows at most {MAX_SHOWN} blocks of apps; remove some.")
    began, since = thread_time(), monotonic()
    budget = Budget(page.page.limits.app_block(used.ops, used.cpu))
    try:
        with running(budget):
            yield
    finally:
        took = thread_time() - began
        used.ops += budget.limits.ops - budget.ops
        used.cpu += took
        around.forgive(monotonic() - since, took)


@contextmanager
def _among_its_files(page: State, app: App) -> Iterator[None]:
    """Let `render`, `t` and `asset_url` find the app's files instead of the theme's."""
    outer = page.theme, page.page, page.blocks
    base = f"{page.page.apps_base}/{app.id}"
    page.theme, page.page, page.blocks = app.theme, replace(page.page, asset_base=base, fragments=None), ()
    try:
        yield
    finally:
        page.theme, page.page, page.blocks = outer


def _explained(block: BlockDef, error: Exception) -> Markup:
    return Markup('<div class="souk-section-error" role="status"><strong>{}</strong><p>{}</p></div>').format(
        block.type, str(error)
    )
