"""Keep rendered snippets of a shop beside its pages, under the same purges."""

from __future__ import annotations

from collections.abc import Hashable

from flask import current_app

from souk.web.page_cache.memory import Memory
from themes.fragments import Fragment, Varies

EXTENSION = "souk.page_cache"


class Fragments:
    """Implements `themes.fragments.FragmentStore` for one page.

    Make it before the page reads anything: what was read before a purge is then not kept after it.
    """

    def __init__(self, memory: Memory, tenant_id: int) -> None:
        self._memory = memory
        self._tenant_id = tenant_id
        self._purges = memory.purges
        self._place: Hashable = None

    def set_apart(self, place: Hashable) -> None:
        """Keep what this page makes for pages of the same `place` only: the market whose prices it shows."""
        self._place = place

    def get(self, key: Hashable) -> Fragment | Varies | None:
        found = self._memory.get(self._tenant_id, (self._place, key))
        return found if isinstance(found, (Fragment, Varies)) else None

    def put(self, key: Hashable, fragment: Fragment | Varies) -> None:
        self._memory.put(self._tenant_id, (self._place, key), fragment, self._purges)


def fragments_of(tenant_id: int) -> Fragments | None:
    """Return the store of a shop; None where the application runs without the page cache."""
    cache = current_app.extensions.get(EXTENSION)
    return None if cache is None else Fragments(cache.memory, tenant_id)
