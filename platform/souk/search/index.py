"""Keep the index in step with the shop: what the worker does at an event, and the rebuild of `souk reindex`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once
from souk.kernel.tenancy import TenantScope
from souk.search.documents import documents_after, read_documents
from souk.search.engine import ProductDocument, SearchEngine
from souk.search.errors import SearchIndexMissing

BATCH = 500
CONSUMER_NAME = "search"
EVENTS = (
    "tenant.created", "product.created", "product.updated", "product.deleted", "products.imported",
    "inventory.updated",
)  # fmt: skip


def consumer(engine: SearchEngine) -> Callable[[Job], None]:
    """Return what the worker calls for each of EVENTS; it may run twice and then writes the same documents."""

    def on_event(job: Job) -> None:
        if job.event.name == "tenant.created":
            rebuild_index(engine, job.scope)
        else:
            update_index(engine, job.scope, product_ids_of(job.event))
        # Ended after the effect: an engine that fails leaves the delivery pending for its next attempt.
        with once(job):
            pass

    return on_event


def product_ids_of(event: Event) -> tuple[int, ...]:
    """Return which products an event is about; a change of stock counts only when it crosses zero."""
    if event.name == "products.imported":
        return tuple(event.payload["product_ids"])
    if event.name == "inventory.updated":
        return (event.payload["product_id"],) if event.payload.get("crossed_zero") else ()
    return (event.subject_id,)


def update_index(engine: SearchEngine, scope: TenantScope, product_ids: Sequence[int]) -> None:
    """Index the products as they are now and take out those that are no longer listed."""
    if not product_ids:
        return
    with transaction(scope, read_only=True) as session:
        documents = read_documents(session, product_ids)
    gone = set(product_ids) - {document.id for document in documents}
    try:
        engine.index(scope.schema, documents)
        engine.remove(scope.schema, sorted(gone))
    except SearchIndexMissing:
        # An index of only these products would hide all others.
        rebuild_index(engine, scope)


def rebuild_index(engine: SearchEngine, scope: TenantScope, on_progress: Callable[[int], None] | None = None) -> int:
    """Build the shop's index anew beside the live one; return the number of products.

    `on_progress` gets the number of products read so far.
    """
    return engine.rebuild(scope.schema, _batches(scope, on_progress))


def _batches(scope: TenantScope, on_progress: Callable[[int], None] | None) -> Iterator[Sequence[ProductDocument]]:
    last, count = 0, 0
    while True:
        # A transaction a batch: it must not stay open while the engine works.
        with transaction(scope, read_only=True) as session:
            batch = documents_after(session, last, BATCH)
        if not batch:
            return
        last, count = batch[-1].id, count + len(batch)
        yield batch
        if on_progress is not None:
            on_progress(count)
