"""Who consumes what and what is due when: the one list of the work behind the shops."""

from __future__ import annotations

from functools import lru_cache

from plugins.apps import delivering as webhooks
from plugins.loader import plugins, tell_plugins
from souk.catalog import recompute
from souk.catalog.pictures.fetch import ask_for_due
from souk.catalog.schedule import announce_due
from souk.checkout import notified
from souk.checkout.abandoned.remind import remind_abandoned
from souk.checkout.gift_cards import CONSUMER, has_cards, issue_bought_cards
from souk.checkout.sweep import sweep_checkouts
from souk.inventory.low_stock import note_low, publish_digest
from souk.inventory.notice import refresh_after_sale, refresh_sold
from souk.kernel.config import config
from souk.kernel.events import CATALOGUE, Event
from souk.kernel.outbox import Job, once
from souk.kernel.tenancy import TenantScope
from souk.notifications import consume as mail
from souk.orders.automatic import fulfill_automatically
from souk.orders.books.check import check_books
from souk.orders.count_sales import count_sales
from souk.orders.documents import automatic as automatic_documents
from souk.orders.move_capture import sweep_captures
from souk.orders.refund import sweep_refunds
from souk.orders.void import sweep_voids
from souk.pricing.refresh import announce_lists
from souk.search import index
from souk.search.compare import compare_if_due
from souk.search.engine import SearchEngine
from souk.search_engines.configured import engine_from
from souk.worker import consumers, hot_stock, periodic
from souk.worker.bulk import bulk, indexing, sending
from souk.worker.catalog_files import export_products, forget_catalog_files, import_products, sweep_files
from souk.worker.consumers import Consumer, always
from souk.worker.pictures import fetch, pictures, prepare
from souk.worker.retention import forget_in_pod, forget_in_shop
from souk.worker.shops import in_every_shop
from souk.worker.themes import publish_due_themes

SWEEP_SECONDS = 60.0
REMIND_SECONDS = 300.0
FORGET_SECONDS = 6 * 3600.0
COUNT_SALES_SECONDS = 6 * 3600.0
# Each shop is compared once a day; what a restart interrupted is taken up within the hour.
COMPARE_SECONDS = 3600.0
NIGHT_SECONDS = 24 * 3600.0


def register_all() -> None:
    """Fill the registries of consumers and of periodic work; repeating it changes nothing."""
    for event_name, consumer in mail.CONSUMERS.items():
        consumers.register(event_name, mail.NAME, consumer, wants=mail.WANTS.get(event_name))
    for event_name in index.EVENTS:
        consumers.register(
            event_name, index.CONSUMER_NAME, _indexer(), wants=index.changes_the_index, long=index.takes_long
        )
    consumers.register("inventory.updated", "stock", refresh_after_sale, wants=_crosses_zero)
    consumers.register("inventory.low", "low stock", note_low)
    consumers.register("inventory.contended", hot_stock.NAME, hot_stock.heat_contended)
    for event_name in recompute.EVENTS:
        consumers.register(event_name, recompute.CONSUMER_NAME, recompute.consume)
    consumers.register("inventory.updated", recompute.CONSUMER_NAME, _sort_by_stock, wants=_crosses_zero)
    consumers.register("payment.notified", notified.NAME, notified.consume)
    consumers.register("order.paid", CONSUMER, issue_bought_cards, wants=has_cards)
    consumers.register("fulfillment.requested", "fulfillment", fulfill_automatically)
    for event_name in automatic_documents.EVENTS:
        consumers.register(
            event_name,
            automatic_documents.NAME,
            automatic_documents.issue_automatically,
            wants=automatic_documents.wanted,
        )
    consumers.register("import.requested", "import", _importer(), long=always)
    consumers.register("export.requested", "export", _exporter(), long=always)
    consumers.register("media.created", "pictures", _preparer(), long=always)
    for event_name in ("media.wanted", "import.finished"):
        consumers.register(event_name, "pictures", _fetcher(), long=always)
    consumers.register_finder(webhooks.PREFIX, webhooks.find, _sender)
    _register_plugins()
    _register_periodic()


def _sender(name: str) -> Consumer:
    line = sending[int(name.removeprefix(webhooks.PREFIX)) % len(sending)]
    return line.consumer(webhooks.consumer(name))


def _crosses_zero(event: Event) -> bool:
    return bool(event.payload.get("crossed_zero"))


@lru_cache(maxsize=1)
def _engine() -> SearchEngine:
    return engine_from(config())


def _sort_by_stock(job: Job) -> None:
    """Let automated collections follow the stock; the product's copy of it may be refreshed later than this."""
    with once(job) as session:
        recompute.recompute(session, product_ids=refresh_sold(session, job.event))


@lru_cache(maxsize=1)
def _indexer() -> Consumer:
    at_once, in_line = index.consumer(_engine()), indexing.consumer(index.consumer(_engine()))

    def consume(job: Job) -> None:
        (in_line if index.takes_long(job.event) else at_once)(job)

    return consume


def _compare(scope: TenantScope) -> None:
    compare_if_due(_engine(), scope)


@lru_cache(maxsize=1)
def _importer() -> Consumer:
    return bulk.consumer(import_products)


@lru_cache(maxsize=1)
def _exporter() -> Consumer:
    return bulk.consumer(export_products)


@lru_cache(maxsize=1)
def _preparer() -> Consumer:
    return pictures.consumer(prepare)


@lru_cache(maxsize=1)
def _fetcher() -> Consumer:
    return pictures.consumer(fetch)


def _register_plugins() -> None:
    """Connect the plugins' providers; each event becomes a delivery only where a plugin listens at all."""
    if plugins().manager.hook.on_event.get_hookimpls():
        for event_name in CATALOGUE:
            consumers.register(event_name, "plugins", tell_plugins)


def _register_periodic() -> None:
    periodic.register("checkouts", SWEEP_SECONDS, in_every_shop("checkouts", sweep_checkouts))
    periodic.register("reminders", REMIND_SECONDS, in_every_shop("reminders", remind_abandoned))
    periodic.register("pictures", SWEEP_SECONDS, in_every_shop("pictures", ask_for_due))
    periodic.register("refunds", SWEEP_SECONDS, in_every_shop("refunds", sweep_refunds))
    periodic.register("scheduled products", SWEEP_SECONDS, in_every_shop("scheduled", announce_due))
    periodic.register("price lists", SWEEP_SECONDS, in_every_shop("price lists", announce_lists))
    periodic.register("captures", SWEEP_SECONDS, in_every_shop("captures", sweep_captures))
    periodic.register("scheduled themes", SWEEP_SECONDS, in_every_shop("scheduled themes", publish_due_themes))
    periodic.register("low stock", SWEEP_SECONDS, in_every_shop("low stock", publish_digest))
    periodic.register("voids", SWEEP_SECONDS, in_every_shop("voids", sweep_voids))
    periodic.register("search comparison", COMPARE_SECONDS, in_every_shop("search comparison", _compare), long=True)
    periodic.register("books", NIGHT_SECONDS, in_every_shop("books", check_books))
    periodic.register("hot shops", hot_stock.FIND_SECONDS, hot_stock.find_hot_shops)
    periodic.register("hot stock", hot_stock.FOLD_SECONDS, hot_stock.fold_hot_shops)
    periodic.register("sales", COUNT_SALES_SECONDS, in_every_shop("sales", count_sales), long=True)
    periodic.register("retention", FORGET_SECONDS, forget_in_pod, long=True)
    periodic.register("catalog files", FORGET_SECONDS, in_every_shop("catalog files", forget_catalog_files), long=True)
    periodic.register("media", NIGHT_SECONDS, in_every_shop("media", sweep_files), long=True)
    periodic.register("shop retention", FORGET_SECONDS, in_every_shop("retention", forget_in_shop), long=True)
