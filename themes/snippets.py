"""Renders snippets; a list shows the same cards again on its next page, and to the next visitor."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from markupsafe import Markup

from themes.drops.listing import FilterDrop
from themes.drops.product import ProductDrop
from themes.engine import Compiled
from themes.keeping import WatchedContext, keep, place_of, store_of
from themes.page import State
from themes.sandbox.output import join_output

_PLAIN = (bool, int, float, str, Markup, type(None))


def render_snippet(page: State, compiled: Compiled, parent: dict[str, Any], values: dict[str, Any]) -> Markup:
    """Return the snippet as it was rendered for the same values, or render it."""
    store = store_of(page)
    if store is None:
        return Markup(compiled.render(parent, values))

    def make() -> Markup:
        return Markup(join_output(compiled.root(WatchedContext(page, parent, values, compiled.path))))

    key = _key(page, compiled.path, values)
    if key is None:
        # It may stand inside of a part that is watched.
        return make()
    shown = frozenset(f"product-{value.id}" for value in values.values() if isinstance(value, ProductDrop))
    return keep(page, store, key, make, shown=shown)


def _key(page: State, path: str, values: Mapping[str, Any]) -> Hashable | None:
    """Return what the output follows from, None when an argument can be anything."""
    parts = []
    for name, value in sorted(values.items()):
        kind = type(value)
        if kind is ProductDrop:
            parts.append((name, "product", value._row))  # noqa: SLF001 - all that the drop was made of
        elif kind is FilterDrop:
            parts.append((name, "filter", value.made_of))
        elif kind in _PLAIN:
            parts.append((name, kind.__name__, value))
        else:
            return None
    return (place_of(page), path, tuple(parts))
