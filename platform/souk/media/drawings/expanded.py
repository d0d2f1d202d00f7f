"""Count what a browser has to draw once every reference is replaced by what it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_PAINTED = re.compile(r"""url\(\s*["']?#([\w.-]+)""")


def expanded_size(root: Element, limit: int) -> int:
    """Return the number of elements after all copies, or something above `limit`; a circle counts as endless.

    Raises RecursionError for chains of references that are too long to follow.
    """
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    sizes: dict[int, int] = {}
    open_: set[int] = set()

    def size(element: Element) -> int:
        key = id(element)
        if key in sizes:
            return sizes[key]
        if key in open_:
            return limit + 1
        open_.add(key)
        total = 1 + sum(size(child) for child in element)
        total += sum(size(named[name]) for name in _references(element) if name in named)
        open_.discard(key)
        sizes[key] = min(total, limit + 1)
        return sizes[key]

    return size(root)


def _references(element: Element) -> Iterator[str]:
    """Yield the ids of what an element copies or is painted with, such as a pattern."""
    for name, value in element.attrib.items():
        if name == "href":
            yield value.removeprefix("#")
        elif "url(" in value:
            yield from _PAINTED.findall(value)
