"""Keep the index in step with the shop: what the worker does at an event, and the rebuild of `souk reindex`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

import structlog
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.db import SchemaBehind, read_at_any_version, transaction
from souk.kernel.events import Event
from souk.kernel.outbox import Job, once, publish
from souk.kernel.tenancy import TenantScope
from souk.search.differences import Comparison, differences
from souk.search.documents import documents_after, read_documents
from souk.search.engine import ProductDocument, SearchEngine, Searching
from souk.search.entry_labels import products_showing
from souk.search.errors import IndexRefused, SearchIndexMissing
from souk.search.models import SearchRun
from souk.search.policy import Policy, read_policy, read_policy_without_rules
from souk.search.settings import GROUP, to_json
from souk.search.trial import Trial, note_trials, read_trials, run_trials

BATCH = 500
CONSUMER_NAME = "search"
# The name in `settings.updated` by which a worker asks for an index that is not there.
MISSING = "search.index"
ENTRY = "metaobject.updated"
EVENTS = (
    "tenant.created", "product.created", "product.updated", "product.deleted", "products.imported",
    "inventory.updated", "settings.updated", ENTRY,
)  # fmt: skip
log = structlog.get_logger(__name__)


def consumer(engine: SearchEngine) -> Callable[[Job], None]:
    """Return what the worker calls for each of EVENTS; it may run twice and then writes the same documents."""

    def on_event(job: Job) -> None:
        if needs_rebuild(job.event):
            if job.event.payload.get("name") != MISSING or not _is_live(engine, job.scope):
                _rebuild_or_keep(engine, job.scope)
        else:
            product_ids = _products_of(job)
            for start in range(0, len(product_ids), BATCH):
                _update_or_ask(engine, job.scope, product_ids[start : start + BATCH])
        # Ended after the effect: an engine that fails leaves the delivery pending for its next attempt.
        with once(job):
            pass

    return on_event


def takes_long(event: Event) -> bool:
    """Tell whether it is work of seconds to minutes, which must not keep mails and single products waiting."""
    return needs_rebuild(event) or event.name in {"products.imported", ENTRY}


def changes_the_index(event: Event) -> bool:
    return needs_rebuild(event) or event.name == ENTRY or bool(product_ids_of(event))


def needs_rebuild(event: Event) -> bool:
    return event.name == "tenant.created" or (
        event.name == "settings.updated" and event.payload["name"] in {GROUP, MISSING}
    )


def product_ids_of(event: Event) -> tuple[int, ...]:
    """Return which products an event is about; a change of stock counts only when it crosses zero."""
    if event.name == "products.imported":
        return tuple(event.payload["product_ids"])
    if event.name == "inventory.updated":
        return (event.payload["product_id"],) if event.payload.get("crossed_zero") else ()
    return (event.subject_id,) if event.name.startswith("product.") else ()


def _products_of(job: Job) -> Sequence[int]:
    """Of an entry they are those that a facet shows by its title; an entry that is deleted changes them itself."""
    if job.event.name != ENTRY:
        return product_ids_of(job.event)
    with transaction(job.scope, read_only=True) as session:
        return products_showing(session, job.event.subject_id, job.event.payload["type"])


def _update_or_ask(engine: SearchEngine, scope: TenantScope, product_ids: Sequence[int]) -> None:
    try:
        update_index(engine, scope, product_ids)
    except SearchIndexMissing:
        # An index of only these products would hide all others; building all of it is long work.
        with transaction(scope) as session:
            publish(session, Event("settings.updated", 0, {"name": MISSING}))


def update_index(engine: SearchEngine, scope: TenantScope, product_ids: Sequence[int]) -> None:
    """Index the products as they are now and take out those that are no longer listed; raises SearchIndexMissing."""
    if not product_ids:
        return
    with transaction(scope, read_only=True) as session:
        documents = read_documents(session, product_ids)
    gone = set(product_ids) - {document.id for document in documents}
    engine.index(scope.schema, documents)
    engine.remove(scope.schema, sorted(gone))


def mend_index(engine: SearchEngine, scope: TenantScope, found: Comparison) -> None:
    """Index anew whatever differs."""
    for start in range(0, len(found.differing), BATCH):
        update_index(engine, scope, found.differing[start : start + BATCH])


def _rebuild_or_keep(engine: SearchEngine, scope: TenantScope) -> None:
    try:
        rebuild_index(engine, scope)
    except IndexRefused as refused:
        # The merchant reads it beside the settings; trying again would be refused again.
        log.warning("search_index_refused", tenant_id=scope.tenant_id, reason=refused.detail)


def rebuild_index(
    engine: SearchEngine,
    scope: TenantScope,
    on_progress: Callable[[int], None] | None = None,
    on_resume: Callable[[int], None] | None = None,
) -> int:
    """Build the shop's index anew beside the live one; return the number of products.

    `on_progress` gets the number of products read so far. A build that was broken off within the hour is gone on
    with where the engine keeps it, as long as the settings are the same; `on_resume` gets the number of products that
    it has. Raises IndexRefused when a search test fails and an index is live, which then stays.
    """
    run = SearchRun(kind="rebuild", status="live", products=0, details=[], started_at=clock.now())
    policy, trials = read_at_any_version(scope, _policy_and_trials, lambda old: (read_policy_without_rules(old), []))
    live, done = _is_live(engine, scope), list[Trial]()

    def accept(search: Searching) -> None:
        done[:] = run_trials(search, policy, trials)
        run.details = [trial.as_json() for trial in done if not trial.passed]
        if run.details and live:
            raise IndexRefused(run.details)

    recipe = recipe_of(policy)
    batches = _batches(engine, scope, recipe, on_progress, on_resume)
    try:
        run.products = engine.rebuild(scope.schema, batches, policy.settings.tuning, accept, recipe)
    except IndexRefused:
        run.status = "refused"
        _note(scope, run, done)
        raise
    # Products that were saved while the new index was being built went into the old one.
    mend_index(engine, scope, differences(engine, scope))
    _note(scope, run, done)
    return run.products


def _policy_and_trials(session: Session) -> tuple[Policy, list[Trial]]:
    return read_policy(session), read_trials(session)


def _is_live(engine: SearchEngine, scope: TenantScope) -> bool:
    try:
        engine.versions(scope.schema, 0, 0)
    except SearchIndexMissing:
        return False
    return True


def _note(scope: TenantScope, run: SearchRun, trials: Sequence[Trial]) -> None:
    run.finished_at = clock.now()
    try:
        with transaction(scope) as session:
            session.add(run)
            note_trials(session, trials)
    except SchemaBehind:
        log.warning("search_run_not_noted", tenant_id=scope.tenant_id, status=run.status)


def recipe_of(policy: Policy) -> str:
    """Return what tells two builds apart that make other documents of the same products."""
    return json.dumps(to_json(policy.settings), sort_keys=True)


def _batches(
    engine: SearchEngine,
    scope: TenantScope,
    recipe: str,
    on_progress: Callable[[int], None] | None,
    on_resume: Callable[[int], None] | None,
) -> Iterator[Sequence[ProductDocument]]:
    # Asked when the engine reads the first batch, so that no other build of this shop runs any more.
    last, count = engine.begun(scope.schema, recipe)
    if count and on_resume is not None:
        on_resume(count)
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
