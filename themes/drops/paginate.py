"""The object inside `{% paginate %}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from themes.drops.base import Drop, kept
from themes.drops.listing import address
from themes.drops.scope import Scope
from themes.sandbox.access import exposes

MAX_PAGE_SIZE = 250
_AROUND = 2


@exposes("title", "url", "is_link", "current")
class PartDrop(Drop):
    """A page number or a gap in the row of pages."""

    __slots__ = ("current", "is_link", "title", "url")

    def __init__(self, title: str, url: str | None, *, current: bool = False) -> None:
        self.title = title
        self.url = url
        self.is_link = url is not None and not current
        self.current = current


@exposes("current_page", "pages", "items", "page_size", "previous", "next", "parts")
class PaginateDrop(Drop):
    """The pages of what is paginated; `items` is how many things there are in all."""

    __slots__ = ("_scope", "_source", "current_page", "page_size")

    def __init__(self, source: Any, size: int, scope: Scope) -> None:
        self._scope = scope
        self._source = source
        self.page_size = max(1, min(size, MAX_PAGE_SIZE))
        self.current_page = scope.page_number
        source.window((self.current_page - 1) * self.page_size, self.page_size)

    @kept
    def items(self) -> int:
        """How many things there are on all pages."""
        return int(self._source.total())

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.items // self.page_size))

    def _part(self, number: int, title: str = "") -> PartDrop:
        pairs = [pair for pair in self._scope.request.query if pair[0] != "page"]
        url = address(self._scope, [*pairs, ("page", str(number))] if number > 1 else pairs)
        return PartDrop(title or str(number), url, current=number == self.current_page)

    @property
    def previous(self) -> PartDrop | None:
        """The page before this one."""
        return self._part(self.current_page - 1) if self.current_page > 1 else None

    @property
    def next(self) -> PartDrop | None:
        """The page after this one."""
        return self._part(self.current_page + 1) if self.current_page < self.pages else None

    def _numbers(self) -> Iterator[int]:
        last, here = self.pages, self.current_page
        yield from sorted({1, last, *range(max(1, here - _AROUND), min(last, here + _AROUND) + 1)})

    @kept
    def parts(self) -> list[PartDrop]:
        """Page numbers around this page, with gaps."""
        parts: list[PartDrop] = []
        former = 0
        for number in self._numbers():
            if number - former > 1:
                parts.append(PartDrop("\N{HORIZONTAL ELLIPSIS}", None))
            parts.append(self._part(number))
            former = number
        return parts
