"""Snippets that were rendered before: a list shows the same cards again on its next page, and to the next visitor.

A snippet may be kept when what it printed follows from its arguments, the theme and the locale alone. Nobody
declares that: the first rendering is watched, and whatever reads the request, the visitor or another object taints
it. What a product's relations hold is not in the key; the surrogate keys that the rendering recorded make the store
forget it, as they make the page cache forget a page.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from jinja2.utils import missing
from markupsafe import Markup

from themes.drops.product import ProductDrop
from themes.engine import Compiled, ThemeContext
from themes.fragments import Fragment, FragmentStore
from themes.page import State
from themes.sandbox.budget import current
from themes.sandbox.output import join_output

# The globals that follow from the key; a setting that names an object taints when the object is looked up.
_SAFE = frozenset(["settings", "routes"])
_PLAIN = (bool, int, float, str, Markup, type(None))


class WatchedContext(ThemeContext):
    """Taints the rendering when a template reads a global that is not part of the key."""

    def __init__(self, page: State, parent: dict[str, Any], variables: dict[str, Any], name: str) -> None:
        super().__init__(parent, variables, name)
        self._page = page

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        if key not in _SAFE and key in self.parent:
            self._page.scope.tainted = True
        return self.parent.get(key, missing)


def render_snippet(page: State, compiled: Compiled, parent: dict[str, Any], values: dict[str, Any]) -> Markup:
    """Return the snippet as it was rendered for the same values, or render it."""
    store = page.page.fragments
    key = _key(page, compiled.path, values) if store is not None else None
    if store is None:
        return Markup(compiled.render(parent, values))
    if key is None:
        # It may stand inside of a snippet that is watched.
        return Markup(join_output(compiled.root(WatchedContext(page, parent, values, compiled.path))))
    found = store.get(key)
    if found is None:
        return _watched(page, store, key, compiled, parent, values)
    current().charge_text(len(found.html))
    page.scope.keys |= found.keys
    return found.html


def _watched(
    page: State,
    store: FragmentStore,
    key: Hashable,
    compiled: Compiled,
    parent: dict[str, Any],
    values: dict[str, Any],
) -> Markup:
    scope = page.scope
    outer_keys, outer_taint = scope.keys, scope.tainted
    scope.keys, scope.tainted = set(), False
    try:
        html = Markup(join_output(compiled.root(WatchedContext(page, parent, values, compiled.path))))
        if not scope.tainted and not scope.private:
            shown = {f"product-{value.id}" for value in values.values() if isinstance(value, ProductDrop)}
            store.put(key, Fragment(html, frozenset(scope.keys | shown | {"settings"})))
        return html
    finally:
        scope.keys, scope.tainted = outer_keys | scope.keys, outer_taint or scope.tainted


def _key(page: State, path: str, values: Mapping[str, Any]) -> Hashable | None:
    """Return what the output follows from, None when an argument can be anything."""
    parts = []
    for name, value in sorted(values.items()):
        kind = type(value)
        if kind is ProductDrop:
            parts.append((name, "product", value._row))  # noqa: SLF001 - all that the drop was made of
        elif kind in _PLAIN:
            parts.append((name, kind.__name__, value))
        else:
            return None
    place = page.page
    return (
        page.theme.key, path, place.localization, place.media_base, place.asset_base, page.scope.variant, tuple(parts),
    )  # fmt: skip
