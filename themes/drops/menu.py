"""Menus and their links; a link knows whether it leads to the present page."""

from __future__ import annotations

from themes import rows
from themes.drops.base import Drop, kept, row_value
from themes.sandbox.access import exposes


@exposes("title", "url", "active", "links")
class LinkDrop(Drop):
    """A link of a menu."""

    __slots__ = ("_path", "_prefix", "_row")

    def __init__(self, row: rows.LinkRow, path: str, prefix: str = "") -> None:
        self._row = row
        self._path = path
        self._prefix = prefix

    title = row_value("title", "Text of the link.")

    @property
    def url(self) -> str:
        """Address of the link."""
        own = self._row.url.startswith("/")
        return (self._prefix + self._row.url).rstrip("/") or "/" if own else self._row.url

    @kept
    def active(self) -> bool:
        """True when the link or one below it leads to this page."""
        return self.url == self._path or any(link.active for link in self.links)

    @kept
    def links(self) -> list[LinkDrop]:
        """Links below this one."""
        return [LinkDrop(link, self._path, self._prefix) for link in self._row.links]


@exposes("title", "links")
class MenuDrop(Drop):
    """A menu."""

    __slots__ = ("_row", "links")

    def __init__(self, row: rows.MenuRow, path: str, prefix: str = "") -> None:
        self._row = row
        self.links = [LinkDrop(link, path, prefix) for link in row.links]

    title = row_value("title", "Title of the menu.")
