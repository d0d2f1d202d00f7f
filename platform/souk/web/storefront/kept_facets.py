"""The filter counts of a listing without any choice: the same on all its pages, and the dearest part of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import redis

from souk.kernel.tenancy import TenantScope
from souk.web.language_prefix import asked_prefix
from souk.web.page_cache.shared import read_epoch, read_page, store_page
from themes.rows import FacetRow, FacetValueRow, ListingQuery


@dataclass(slots=True)
class KeptFacets:
    """Counts kept beside the pages in the pod's Redis, and forgotten by the same purges.

    Made by `look` before the page's transaction, and stored by `store` after it. `epoch` is None where Redis is away.
    """

    scope: TenantScope
    handle: str
    epoch: bytes | None
    found: tuple[FacetRow, ...] | None
    fresh: bool = False

    def or_count(self, query: ListingQuery, count: Callable[[], Sequence[FacetRow]]) -> Sequence[FacetRow]:
        """Return what is kept for the listing of the page; a choice or another listing is counted."""
        if query.filters or query.terms is not None:
            return count()
        if self.found is None:
            self.found, self.fresh = tuple(count()), True
        return self.found

    def store(self, collection_id: int) -> None:
        """Keep counts that were made for this page, unless a purge came since `look`."""
        if not self.fresh or self.epoch is None:
            return
        blob = json.dumps([asdict(facet) for facet in self.found or ()]).encode()
        keys = ["settings", "listing", f"collection-{collection_id}"]
        try:
            store_page(self.scope.pod, self.scope.tenant_id, _address(self.handle), self.epoch, blob, keys)
        except redis.RedisError:
            # The next page counts again: slower, and as right.
            return


def look(scope: TenantScope, handle: str) -> KeptFacets:
    """Read what is kept; no transaction may be open, since Redis may be on the network."""
    try:
        blob = read_page(scope.pod, scope.tenant_id, _address(handle))
        if blob is not None:
            return KeptFacets(scope, handle, None, tuple(_facet(value) for value in json.loads(blob)))
        return KeptFacets(scope, handle, read_epoch(scope.pod, scope.tenant_id), None)
    except redis.RedisError:
        return KeptFacets(scope, handle, None, None)


def _address(handle: str) -> str:
    # No page has it: pages begin with their host. Labels are words of one language.
    return f"facets:{asked_prefix()}:{handle}"


def _facet(value: dict[str, object]) -> FacetRow:
    values = tuple(FacetValueRow(**each) for each in value.pop("values"))  # type: ignore[attr-defined]
    return FacetRow(**value, values=values)  # type: ignore[arg-type]
