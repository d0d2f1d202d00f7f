"""Parts of a page that were rendered before: other pages show the same header, and lists the same cards.

A part may be kept when what it printed follows from its key, from what it read of the request and from objects whose
surrogate keys it recorded. Nobody declares that: the first rendering is watched. What it read of the request is
noted by name, and the part is kept once for each value (as HTTP's Vary does); whatever reads the visitor or another
object taints it, and it is rendered each time. What a product's relations hold is not in the key; the surrogate keys
make the store forget the part, as they make the page cache forget a page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from jinja2.utils import missing
from markupsafe import Markup

from themes.drops.scope import AROUND
from themes.engine import ThemeContext
from themes.fragments import Fragment, FragmentStore, Varies
from themes.page import State
from themes.sandbox.budget import current

# Globals that follow from the key, or that note themselves what is read of them; a setting that names an object
# taints when the object is looked up.
_SAFE = frozenset(
    ["settings", "routes", "shop", "localization", "request", "menus", "metaobjects", "range", "namespace"]
)
# A section that is kept holds these in its key, a snippet inside of it does not.
_AROUND = frozenset(["section", "block"])


class WatchedContext(ThemeContext):
    """Notes when a template reads a global that is not part of the key."""

    def __init__(self, page: State, parent: dict[str, Any], variables: dict[str, Any], name: str) -> None:
        super().__init__(parent, variables, name)
        self._page = page

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        if key in _AROUND:
            self._page.scope.varies.add(AROUND)
        elif key not in _SAFE and key in self.parent:
            self._page.scope.tainted = True
        return self.parent.get(key, missing)


def store_of(page: State) -> FragmentStore | None:
    """Return where parts of this page may be kept; the answer to one visitor's form takes none and leaves none."""
    place = page.page
    return None if place.form_errors or place.form_values else place.fragments


def place_of(page: State) -> str:
    """Return what every part of a page follows from: theme, shop, language, and where its files lie."""
    if not page.place:
        place, words = page.page, page.page.localization
        made_of = (
            page.theme.key, place.shop, words.locale, words.currency, words.country, words.direction, words.prefix,
            place.media_base, place.asset_base, page.scope.variant,
        )  # fmt: skip
        # As one text: it is looked up fifty times a page, and a text is hashed once.
        page.place = repr(made_of)
    return page.place


def keep(
    page: State,
    store: FragmentStore,
    key: Hashable,
    make: Callable[[], Markup],
    *,
    shown: frozenset[str] = frozenset(),
    around: bool = False,
) -> Markup:
    """Return the part that is kept under `key`, or make and keep it.

    `shown` are surrogate keys of what the key was made of. `around` says that the key holds the section around it.
    """
    scope = page.scope
    names: tuple[str, ...] = ()
    found = store.get(key)
    if isinstance(found, Varies):
        names = found.names
        found = store.get((key, names, scope.values_of(names)))
    if isinstance(found, Fragment):
        current().charge_text(len(found.html))
        scope.keys |= found.keys
        scope.varies.update(names)
        return found.html
    return _watched(page, store, key, make, shown, names, around=around)


def _watched(
    page: State,
    store: FragmentStore,
    key: Hashable,
    make: Callable[[], Markup],
    shown: frozenset[str],
    known: tuple[str, ...],
    *,
    around: bool,
) -> Markup:
    scope = page.scope
    outer = scope.keys, scope.tainted, scope.varies
    scope.keys, scope.tainted, scope.varies = set(), False, set()
    try:
        html = make()
        if around:
            scope.varies.discard(AROUND)
        if not scope.tainted and not scope.private and AROUND not in scope.varies:
            fragment = Fragment(html, frozenset(scope.keys | shown | {"settings"}))
            _put(page, store, key, fragment, tuple(sorted(scope.varies.union(known))))
        return html
    finally:
        keys, tainted, varies = outer
        scope.keys, scope.tainted, scope.varies = keys | scope.keys, tainted or scope.tainted, varies | scope.varies


def _put(page: State, store: FragmentStore, key: Hashable, fragment: Fragment, names: tuple[str, ...]) -> None:
    if not names:
        return store.put(key, fragment)
    store.put(key, Varies(names))
    return store.put((key, names, page.scope.values_of(names)), fragment)
