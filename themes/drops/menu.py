"""Menus and their links; a link knows whether it leads to the present page."""

from __future__ import annotations

from themes import rows
from themes.drops.base import Drop, kept, row_value
from themes.drops.scope import Scope
from themes.sandbox.access import exposes


@exposes("title", "url", "active", "links")
class LinkDrop(Drop):
    """A link of a menu."""

    __slots__ = ("_row", "_scope")

    def __init__(self, row: rows.LinkRow, scope: Scope) -> None:
        self._row = row
        self._scope = scope

    title = row_value("title", "Text of the link.")

    @property
    def url(self) -> str:
        """Address of the link."""
        own = self._row.url.startswith("/")
        return (self._scope.prefix + self._row.url).rstrip("/") or "/" if own else self._row.url

    @property
    def active(self) -> bool:
        """True when the link or one below it leads to this page."""
        return self.leads_to(self._scope.vary("path"))

    def leads_to(self, path: object) -> bool:
        """Say whether it or a link below it has this address; not for themes."""
        return self.url == path or any(link.leads_to(path) for link in self.links)

    @kept
    def links(self) -> list[LinkDrop]:
        """Links below this one."""
        return [LinkDrop(link, self._scope) for link in self._row.links]


@exposes("title", "links")
class MenuDrop(Drop):
    """A menu."""

    __slots__ = ("_row", "links")

    def __init__(self, row: rows.MenuRow, scope: Scope) -> None:
        self._row = row
        self.links = [LinkDrop(link, scope) for link in row.links]

    title = row_value("title", "Title of the menu.")
