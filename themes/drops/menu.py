"""Menus and their links; a link knows whether it leads to the present page."""

from __future__ import annotations

from themes import rows
from themes.drops.base import Drop, kept, row_value
from themes.sandbox.access import exposes


@exposes("title", "url", "active", "links")
class LinkDrop(Drop):
    """A link of a menu."""

    __slots__ = ("_path", "_row")

    def __init__(self, row: rows.LinkRow, path: str) -> None:
        self._row = row
        self._path = path

    title = row_value("title", "Text of the link.")
    url = row_value("url", "Address of the link.")

    @kept
    def active(self) -> bool:
        """True when the link or one below it leads to this page."""
        return self._row.url == self._path or any(link.active for link in self.links)

    @kept
    def links(self) -> list[LinkDrop]:
        """Links below this one."""
        return [LinkDrop(link, self._path) for link in self._row.links]


@exposes("title", "links")
class MenuDrop(Drop):
    """A menu."""

    __slots__ = ("_row", "links")

    def __init__(self, row: rows.MenuRow, path: str) -> None:
        self._row = row
        self.links = [LinkDrop(link, path) for link in row.links]

    title = row_value("title", "Title of the menu.")
