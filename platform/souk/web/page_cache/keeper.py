"""Values of one shop kept in the memory of this process, under the same purges as pages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.fragments import EXTENSION
from souk.web.page_cache.memory import Memory


@dataclass(frozen=True, slots=True)
class _Kept:
    value: Any
    keys: frozenset[str]
    size: int


class Keeper:
    """One for each request, made before it reads anything: what was read before a purge is not kept after it.

    `memory` is None where the application runs without the page cache: nothing is kept then.
    """

    def __init__(self, memory: Memory | None, tenant_id: int) -> None:
        self._memory = memory
        self._tenant_id = tenant_id
        self._purges = memory.purges if memory else 0

    def get(self, key: Hashable) -> Any:
        """Return the value, None without one."""
        kept = self._memory.get(self._tenant_id, key) if self._memory else None
        return kept.value if isinstance(kept, _Kept) else None

    def keep(self, key: Hashable, value: Any, made_of: Iterable[str], size: int) -> None:
        """Keep a value of about `size` bytes until one of the surrogate keys `made_of`, or a setting, changes."""
        if self._memory is not None:
            kept = _Kept(value, frozenset(["settings", *made_of]), size)
            self._memory.put(self._tenant_id, key, kept, self._purges)


def row_keeper(scope: TenantScope) -> Keeper:
    """Return the keeper of a shop's product rows."""
    return _keeper(scope, "rows")


def typed_keeper(scope: TenantScope) -> Keeper:
    """Return the keeper of what answers a text that strangers type: it must not push anything else out."""
    return _keeper(scope, "typed")


def _keeper(scope: TenantScope, kind: str) -> Keeper:
    cache = current_app.extensions.get(EXTENSION)
    if cache is None:
        return Keeper(None, scope.tenant_id)
    cache.listen(scope.pod)
    return Keeper(getattr(cache, kind), scope.tenant_id)
