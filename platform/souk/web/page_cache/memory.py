"""The pages and fragments this process holds, so that a hit costs no round trip."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Hashable
from typing import Protocol

MAX_BYTES = 16 * 1024 * 1024
# Pages leave by purge; this bounds what a message lost by a dying Redis could do.
MAX_SECONDS = 30.0
_Key = tuple[int, Hashable]


class Kept(Protocol):
    """A page, or a fragment of one; `keys` name what it was made of."""

    @property
    def keys(self) -> frozenset[str]: ...

    @property
    def size(self) -> int: ...


class Memory:
    """Least recently stored pages leave first. `heard` says whether purges reach this process at the moment."""

    def __init__(self, most_bytes: int = MAX_BYTES) -> None:
        self._most_bytes = most_bytes
        self._pages: OrderedDict[_Key, tuple[float, Kept]] = OrderedDict()
        # Which addresses were made of a key: a sale purges one product among thousands of entries.
        self._made_of: defaultdict[tuple[int, str], set[_Key]] = defaultdict(set)
        self._bytes = 0
        self._lock = threading.Lock()
        self.purges = 0
        self.heard = False

    def get(self, tenant_id: int, address: Hashable) -> Kept | None:
        if not self.heard:
            return None
        found = self._pages.get((tenant_id, address))
        return found[1] if found is not None and found[0] > time.monotonic() else None

    def put(self, tenant_id: int, address: Hashable, entry: Kept, purges: int) -> None:
        """Keep an entry unless a purge arrived since `purges` was read, before the entry was."""
        with self._lock:
            if purges != self.purges or not self.heard:
                return
            self._drop((tenant_id, address))
            self._pages[tenant_id, address] = (time.monotonic() + MAX_SECONDS, entry)
            for key in entry.keys:
                self._made_of[tenant_id, key].add((tenant_id, address))
            self._bytes += entry.size
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._pages)))

    def purge(self, tenant_id: int, keys: Collection[str]) -> None:
        with self._lock:
            self.purges += 1
            gone = {place for key in keys for place in self._made_of.get((tenant_id, key), ())}
            for place in gone:
                self._drop(place)

    def clear(self) -> None:
        with self._lock:
            self.purges += 1
            self._pages.clear()
            self._made_of.clear()
            self._bytes = 0

    def _drop(self, place: _Key) -> None:
        found = self._pages.pop(place, None)
        if found is None:
            return
        self._bytes -= found[1].size
        for key in found[1].keys:
            places = self._made_of[place[0], key]
            places.discard(place)
            if not places:
                del self._made_of[place[0], key]
