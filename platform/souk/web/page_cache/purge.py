"""Forget the pages that an event made old."""

from __future__ import annotations

from collections.abc import Collection

from souk.inventory.notice import refresh_product
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.shared import purge_shared

# The composition root registers `consume` for EVENTS under this name.
CONSUMER = "page_cache"
# Every page reads the settings, so this key stands for all of a shop's pages.
EVERYTHING = frozenset(["settings"])
# Groups of settings that no page of a shop reads.
BEHIND = frozenset(["product_views"])
EVENTS = (
    "settings.updated", "theme.updated", "product.created", "product.updated", "product.deleted",
    "products.imported", "collection.updated", "collection.deleted", "content.updated", "inventory.updated",
    "metaobject.updated", "metaobject.deleted",
)  # fmt: skip


def purge(scope: TenantScope, keys: Collection[str]) -> None:
    """Forget every kept page that was made of one of `keys`, in all processes."""
    if keys:
        purge_shared(scope.pod, scope.tenant_id, keys)


def keys_of(event: Event) -> frozenset[str]:
    """Return the surrogate keys that `event` makes old."""
    payload = event.payload
    if event.name == "settings.updated" and payload.get("name") in BEHIND:
        return frozenset()
    if event.name in {"settings.updated", "theme.updated", "content.updated", "collection.deleted"}:
        return EVERYTHING
    return _keys_of_subject(event)


def _keys_of_subject(event: Event) -> frozenset[str]:
    payload = event.payload
    if event.name == "collection.updated":
        # A page that named the collection before it existed has recorded no key of it.
        own = frozenset(["collections", "listing", f"collection-{event.subject_id}"])
        return EVERYTHING if payload.get("created") else own
    if event.name == "products.imported":
        return frozenset(["listing", *(f"product-{number}" for number in payload["product_ids"])])
    if event.name in {"metaobject.updated", "metaobject.deleted"}:
        return frozenset([f"metaobject-{event.subject_id}", f"metaobjects-{payload['type']}"])
    if event.name == "inventory.updated":
        own = frozenset([f"product-{payload['product_id']}"])
        return own | {"listing"} if payload.get("crossed_zero") else own
    return frozenset(["listing", f"product-{event.subject_id}"])


def consume(job: Job) -> None:
    """Purge first and end the delivery after: twice is harmless, never is not."""
    event = job.event
    if event.name == "inventory.updated" and event.payload.get("crossed_zero"):
        # The copy of the stock is refreshed by a delivery of its own, which may come later; a page made in
        # between would keep the old one.
        with transaction(job.scope) as session:
            refresh_product(session, event.payload["product_id"])
    purge(job.scope, keys_of(event))
    with once(job):
        pass
