"""What a rendered section or snippet is kept as, and where; see themes.keeping."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Fragment:
    """`keys` are the surrogate keys of what it shows."""

    html: Markup
    keys: frozenset[str]

    @property
    def size(self) -> int:
        return len(self.html) + 1_000


@dataclass(frozen=True, slots=True)
class Varies:
    """Stands under a key whose rendering read these names of the request: it is kept for each of their values."""

    names: tuple[str, ...]
    keys: frozenset[str] = frozenset(["settings"])
    size: int = 1_000


class FragmentStore(Protocol):
    """Bound to one shop. What is stored leaves when one of its keys is purged."""

    def get(self, key: Hashable) -> Fragment | Varies | None: ...

    def put(self, key: Hashable, fragment: Fragment | Varies) -> None: ...
