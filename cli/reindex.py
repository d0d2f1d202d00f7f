"""`souk reindex`: build search indexes anew, beside the live ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.queries import TenantRecord


@click.command()
@click.argument("shop", required=False)
def reindex(*, shop: str | None) -> None:
    """Build the search index of SHOP, or of every shop, anew; shoppers search the old one meanwhile.

    A build that was killed goes on within an hour, from the last 10,000 products that it had kept, as long as the
    search settings are the same. Meilisearch keeps no half of an index: there every build begins anew.
    """
    from souk.kernel.config import config
    from souk.search.index import rebuild_index
    from souk.search_engines.configured import engine_from

    engine = engine_from(config())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        for record in _shops(shop):
            task = progress.add_task(record.slug, total=_count(record))
            advance = partial(_advance, progress, task)
            count = rebuild_index(engine, record.scope, advance, partial(_resume, record.slug, advance))
            click.echo(f"{record.slug}: {count} products indexed.")


def _advance(progress: Progress, task: TaskID, done: int) -> None:
    progress.update(task, completed=done)


def _resume(slug: str, advance: Callable[[int], None], done: int) -> None:
    click.echo(f"{slug}: going on after the {done} products of a build that was broken off.", err=True)
    advance(done)


def _shops(slug: str | None) -> list[TenantRecord]:
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import list_tenants, tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        return [tenant_by_slug(session, slug)] if slug else list_tenants(session)


def _count(record: TenantRecord) -> int:
    """How many products there are at most: those that are not published are read past."""
    from sqlalchemy import func, select

    from souk.catalog.models import Product
    from souk.kernel.db import transaction

    with transaction(record.scope, read_only=True) as session:
        return session.scalar(select(func.count(Product.id)).where(Product.status == "active")) or 0
