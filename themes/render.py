"""Renders a page or single sections of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from functools import lru_cache
from time import thread_time
from typing import Any

import structlog
from babel.core import UnknownLocaleError
from babel.dates import format_date
from markupsafe import Markup

from souk.kernel.money import Money
from themes import rows
from themes.apps import apps_in_use
from themes.drops.base import Drop
from themes.drops.blog import ArticleDrop, BlogDrop
from themes.drops.collection import CollectionDrop, SearchDrop
from themes.drops.entry import EntryTypes
from themes.drops.globals import LocalizationDrop, PageDrop, RequestDrop, RoutesDrop, ShopDrop, TemplateDrop
from themes.drops.handles import ByHandle, finders
from themes.drops.personal import CartDrop, CustomerDrop
from themes.drops.product import products
from themes.drops.scope import Scope
from themes.errors import ThemeFileInvalid
from themes.expect import apps_shown, expect
from themes.page import PageContext, Rendered, State, Stats, enter, leave
from themes.sandbox.budget import Budget, current, running
from themes.schema import EMPTY_TEMPLATE, SectionDef, TemplateDef
from themes.sections import render_all, render_one
from themes.settings import SettingsDrop, references
from themes.theme import Theme

log = structlog.get_logger(__name__)
MAX_SECTIONS = 5
_FALLBACK = Markup(
    '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">{}</head><body>{}</body></html>'
)


def drop_of(row: rows.Resource, scope: Scope) -> Drop:
    """Return the drop of a page's main resource."""
    if isinstance(row, rows.ProductRow):
        return products(scope, [row])[0]
    if isinstance(row, rows.CollectionRow):
        return CollectionDrop(row, scope, main=True)
    if isinstance(row, rows.SearchRow):
        return SearchDrop(row, scope)
    if isinstance(row, rows.BlogRow):
        return BlogDrop(row, scope.prefix)
    if isinstance(row, rows.ArticleRow):
        return ArticleDrop(row, scope.prefix)
    scope.keys.add(f"page-{row.id}")
    return PageDrop(row, scope.prefix)


def _globals(
    theme: Theme, template: str, page: PageContext, scope: Scope, found: Mapping[str, ByHandle]
) -> dict[str, Any]:
    for reference in references(theme.settings):
        found[reference.kind].expected.add(reference.handle)
    return {
        "shop": ShopDrop(page.shop),
        "request": RequestDrop(scope),
        "routes": RoutesDrop(page.routes),
        "localization": LocalizationDrop(page.localization, scope),
        "template": TemplateDrop(template),
        "settings": SettingsDrop(theme.settings, found),
        "menus": found["menus"],
        "collections": found["collections"],
        "products": found["products"],
        "pages": found["pages"],
        "metaobjects": EntryTypes(scope),
        "cart": CartDrop(scope),
        "customer": CustomerDrop(scope),
        "canonical_url": page.canonical_url,
        "page_title": page.title,
        "page_description": page.description,
        "now": page.now,
        "plugins": dict(page.plugins),
        **{name: drop_of(row, scope) for name, row in page.resource.items()},
        **theme_globals(),
    }


def theme_globals() -> dict[str, Any]:
    from themes.engine import environment  # noqa: PLC0415 - the engine is built on first use

    return environment().globals


def _of_apps(state: State, definition: TemplateDef) -> Markup:
    """Return what loads the apps' files: of those whose blocks are shown, in the editor of all that can be added."""
    page = state.page
    if not page.apps:
        return Markup()
    shown = apps_in_use(page.apps) if page.request.design_mode else apps_shown(state, definition.sections)
    return Markup("\n").join(app.theme.bundles(f"{page.apps_base}/{app.id}") for app in shown)


@lru_cache(maxsize=512)
def _learn(locale: str, currency: str, day: date) -> None:
    """Read what is known of a language before a theme's clock runs: the first page of a process must not pay for it."""
    with suppress(UnknownLocaleError, ValueError, LookupError):
        Money(0, currency).format(locale)
        format_date(day, "long", locale=locale.replace("-", "_"))


@contextmanager
def _page(theme: Theme, template: str, page: PageContext) -> Iterator[tuple[State, Budget]]:
    scope = Scope(page.reader, page.request, page.localization, page.profile)
    scope.keys.add("settings")
    found = finders(scope)
    state = State(theme, page, scope, _globals(theme, template, page, scope, found), found)
    _learn(page.localization.locale, page.localization.currency, page.now.date())
    token = enter(state)
    try:
        with running(Budget(page.limits)) as budget:
            yield state, budget
    finally:
        leave(token)


def render_page(theme: Theme, template: str, page: PageContext) -> Rendered:
    """Render `templates/<template>.json` in its layout; never raises for a fault of the theme's own code."""
    started = thread_time()
    with _page(theme, template, page) as (state, budget):
        definition = _definition(state, template)
        expect(state, definition.sections)
        content = render_all(definition.sections)
        html = encodable(_layout(state, definition, content))
        stats = Stats(page.limits.ops - budget.ops, len(html), state.scope.queries, (thread_time() - started) * 1000)
        scope = state.scope
        return Rendered(html, frozenset(scope.keys), scope.private, tuple(state.failed), stats, beyond=scope.beyond)


def _definition(state: State, template: str) -> TemplateDef:
    try:
        return state.theme.template(template)
    except ThemeFileInvalid as error:
        log.warning("template_failed", theme=state.theme.handle, template=template, error=str(error))
        state.failed.append(f"templates/{template}")
        return EMPTY_TEMPLATE


def encodable(html: str) -> str:
    """Replace lone surrogates, which a theme can write as an escape and no response can be encoded with."""
    return html if html.isascii() else html.encode("utf-8", "replace").decode()


def _layout(state: State, definition: TemplateDef, content: Markup) -> str:
    page, name = state.page, definition.layout
    head = state.theme.bundles(page.asset_base) + _of_apps(state, definition) + page.head
    variables = {**state.globals, "content_for_header": head, "content_for_layout": content}
    # The sections' output was charged when it was made; printing it in the layout makes no new text.
    current().captured += len(content)
    try:
        with state.measured(f"layout/{name}.html"):
            html = state.theme.file(f"layout/{name}.html").render(variables, {})
        current().charge_output(len(html) - len(content))
    except Exception as error:  # noqa: BLE001 - the shop stays open under the platform's own layout
        log.warning("layout_failed", theme=state.theme.handle, layout=name, error=str(error))
        state.failed.append(f"layout/{name}")
        return str(_FALLBACK.format(page.localization.locale, page.title, head, content))
    return html


def render_sections(theme: Theme, template: str, ids: Sequence[str], page: PageContext) -> dict[str, str]:
    """Render up to five sections by id: of the template, of the groups, or by file name; unknown ids are left out."""
    known: dict[str, SectionDef] = {}
    for definition in (*theme.groups(), theme.template(template)):
        known |= {section.id: section for section in definition.sections}
    with _page(theme, template, page):
        return {
            name: encodable(str(render_one(known.get(name) or theme.static(name), 1)))
            for name in ids[:MAX_SECTIONS]
            if name in known or theme.has(f"sections/{name}.html")
        }
