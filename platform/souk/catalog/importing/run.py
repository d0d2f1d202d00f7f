"""Import Shopify's product CSV in its first form, in batches that each stand for themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from souk.catalog.importing.errors import RowInvalid
from souk.catalog.importing.parsing import ImportedProduct, read_product
from souk.catalog.importing.reading import Source, open_source
from souk.catalog.importing.writing import write_batch
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope

BATCH = 500
MAX_PROBLEMS = 1_000
BATCH_TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes are those of the file on disk, so that a bar knows its end before the last product is read."""

    products: int
    bytes_read: int
    bytes_total: int


@dataclass(slots=True)
class ImportReport:
    """`problems` are the first 1,000 products that were left out; `pictures` counts addresses in the file,
    which are not fetched.
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    pictures: int = 0
    problems: list[RowInvalid] = field(default_factory=list)


def import_shopify_csv(
    scope: TenantScope, path: Path, on_progress: Callable[[Progress], None] | None = None
) -> ImportReport:
    """Add the file's products, and update those whose handle the shop has; prices are in the shop's currency.

    Each batch of 500 is one transaction and one `products.imported` event, so an import that is broken off can
    be run again. An edge calls this; it opens its own transactions.

    Raises:
        NotAProductFile, FileUnreadable: batches before the unreadable place stay imported.
        OSError: the file cannot be opened.

    """
    report = ImportReport()
    with transaction(scope, read_only=True) as session:
        currency = read_setting(session, "shop")["currency"]
    categories: dict[tuple[str, ...], int | None] = {}
    with open_source(path) as source:
        done = 0
        for batch in _batches(_readable(source, currency, report)):
            with transaction(scope, timeout_ms=BATCH_TIMEOUT_MS) as session:
                written = write_batch(session, batch, categories)
            report.created += written.created
            report.updated += written.updated
            done += len(batch)
            if on_progress is not None:
                on_progress(Progress(done, source.position(), source.size))
    return report


def _readable(source: Source, currency: str, report: ImportReport) -> Iterator[ImportedProduct]:
    for rows in source.products():
        try:
            product = read_product(rows, currency)
        except RowInvalid as problem:
            report.skipped += 1
            if len(report.problems) < MAX_PROBLEMS:
                report.problems.append(problem)
            continue
        report.pictures += len(product.pictures)
        yield product


def _batches(products: Iterable[ImportedProduct]) -> Iterator[list[ImportedProduct]]:
    pending = iter(products)
    while batch := list(islice(pending, BATCH)):
        yield batch
