"""The pages and fragments this process holds, so that a hit costs no round trip."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Collection, Hashable
from typing import Protocol

MAX_BYTES = 24 * 1024 * 1024
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

    def __init__(self) -> None:
        self._pages: OrderedDict[_Key, tuple[float, Kept]] = OrderedDict()
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
            self._bytes += entry.size
            while self._bytes > MAX_BYTES:
                self._drop(next(iter(self._pages)))

    def purge(self, tenant_id: int, keys: Collection[str]) -> None:
        with self._lock:
            self.purges += 1
            gone = [
                key
                for key, (_, entry) in self._pages.items()
                if key[0] == tenant_id and not entry.keys.isdisjoint(keys)
            ]
            for key in gone:
                self._drop(key)

    def clear(self) -> None:
        with self._lock:
            self.purges += 1
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key: _Key) -> None:
        found = self._pages.pop(key, None)
        if found is not None:
            self._bytes -= found[1].size
