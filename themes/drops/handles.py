"""`menus['main']`, `collections['chairs']` ...: objects found by handle, at most 20 of a kind on a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from themes.drops.base import Drop
from themes.drops.collection import CollectionDrop
from themes.drops.globals import PageDrop
from themes.drops.image import ImageDrop
from themes.drops.menu import MenuDrop
from themes.drops.product import products
from themes.drops.references import References
from themes.drops.scope import Scope
from themes.sandbox.access import Lookup

MAX_HANDLES = 20


class ByHandle(Lookup):
    """Finds by handle; `expected` handles (those that settings name) come with the first load."""

    __slots__ = ("_beside", "_found", "_load", "_wrap", "expected", "scope")

    def __init__(
        self, scope: Scope, load: Callable[[Sequence[str]], Mapping[str, Any]], wrap: Callable[..., Any]
    ) -> None:
        self.scope = scope
        self.expected: set[str] = set()
        self._load = load
        self._wrap = wrap
        self._found: dict[str, Any] = {}
        self._beside: tuple[ByHandle, Callable[..., Any]] | None = None

    def lookup(self, name: object) -> object:
        if not isinstance(name, str):
            return None
        self.scope.tainted = True
        return self.found(str(name))

    def found(self, name: str) -> object:
        if name not in self._found and len(self._found) < MAX_HANDLES + len(self.expected):
            self._fill(name)
        return self._found.get(name)

    def _fill(self, name: str) -> None:
        asked = sorted({name, *self.expected} - self._found.keys())
        also = self._beside[0].waiting() if self._beside else []
        if self._beside and also:
            rows, others = self.scope.load(self._beside[1], asked, also)
            self._beside[0].keep(also, others)
        else:
            rows = self.scope.load(self._load, asked)
        self.keep(asked, rows)

    def beside(self, other: ByHandle, both: Callable[..., Any]) -> None:
        """Load what `other` expects together with what is asked for here: `both(handles, others)` gives both."""
        self._beside = (other, both)

    def waiting(self) -> list[str]:
        return sorted(self.expected - self._found.keys())

    def keep(self, asked: Sequence[str], rows: Mapping[str, Any]) -> None:
        for handle in asked:
            row = rows.get(handle)
            self._found[handle] = None if row is None else self._wrap(self.scope, handle, row)


class Menus(ByHandle):
    """`menus`: what a menu shows follows from its key, so that what shows it can be kept."""

    __slots__ = ()

    def lookup(self, name: object) -> object:
        if not isinstance(name, str):
            return None
        # At every look and not at the load: each part of the page that shows the menu leaves with it.
        self.scope.keys.add(f"menu-{name}")
        return self.found(str(name))


class AllCollections(ByHandle):
    """`collections`: by handle, or all of them in the window of paginate."""

    __slots__ = ("_rows", "_window")
    paged = "collections"

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, scope.reader.collections_by_handle, _collection)
        self._window = (0, 50)
        self._rows: tuple[Sequence[Any], int] | None = None

    def window(self, offset: int, limit: int) -> None:
        self._window, self._rows = (offset, limit), None

    def _page(self) -> tuple[Sequence[Any], int]:
        if self._rows is None:
            self._rows = self.scope.load(self.scope.reader.collections, *self._window)
            self.scope.keys.add("collections")
        return self._rows

    def total(self) -> int:
        return self._page()[1]

    def __iter__(self) -> Iterator[Drop]:
        return iter([CollectionDrop(row, self.scope) for row in self._page()[0]])

    def __len__(self) -> int:
        return len(self._page()[0])


def _collection(scope: Scope, _handle: str, row: Any) -> Drop:
    return CollectionDrop(row, scope)


def _product(scope: Scope, _handle: str, row: Any) -> Drop:
    return products(scope, [row])[0]


def _page(scope: Scope, _handle: str, row: Any) -> Drop:
    scope.keys.add(f"page-{row.id}")
    return PageDrop(row, scope.prefix)


def _menu(scope: Scope, _handle: str, row: Any) -> Drop:
    return MenuDrop(row, scope)


def finders(scope: Scope) -> dict[str, ByHandle]:
    """Return the finders of a page by the name of their global (images: for settings only)."""
    reader = scope.reader
    scope.references = References(scope)
    collections = AllCollections(scope)
    images = ByHandle(scope, reader.images_by_key, lambda _scope, _key, row: ImageDrop(row))
    collections.beside(images, reader.collections_and_images)
    images.beside(collections, lambda keys, handles: reader.collections_and_images(handles, keys)[::-1])
    return {
        "menus": Menus(scope, reader.menus, _menu),
        "collections": collections,
        "products": ByHandle(scope, reader.products_by_handle, _product),
        "pages": ByHandle(scope, reader.pages_by_handle, _page),
        "images": images,
    }
