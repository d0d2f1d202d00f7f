"""Dynamic sources: a setting whose value is `{{ product.vendor }}` reads that property. A path, never a template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SOURCE = re.compile(r"\s*\{\{\s*([a-z][a-z0-9_]{0,59}(?:\.[a-z][a-z0-9_]{0,59}){1,6})\s*\}\}\s*")
# Only what the page is about and what the shop says of itself; nothing personal can be bound to a shared page.
ROOTS = frozenset({"product", "collection", "page", "shop", "article", "blog"})


@dataclass(frozen=True, slots=True)
class Source:
    """A setting that reads `path`, such as ("product", "vendor"), at each rendering."""

    setting: Mapping[str, Any]
    path: tuple[str, ...]


def source_of(value: Any) -> tuple[str, ...] | None:
    """Return the path of a dynamic source, or None for a plain value."""
    match = _SOURCE.fullmatch(value) if isinstance(value, str) and "{{" in value else None
    path = tuple(match[1].split(".")) if match else ()
    return path if path and path[0] in ROOTS else None
