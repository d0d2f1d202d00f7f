"""`souk migrate`: the platform's own tables first, then every shop, in parallel and resumable."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from tenants.migrate import MigrationReport
    from tenants.queries import TenantRecord

AGAIN_SECONDS = 1.0


@click.command()
@click.option("--workers", type=click.IntRange(1, 32), default=2, show_default=True, help="Shops at a time.")
@click.option(
    "--wait",
    type=click.IntRange(0),
    default=60,
    show_default=True,
    help="Seconds to try again for shops whose tables are in use.",
)
def migrate(*, workers: int, wait: int) -> None:
    """Bring the platform and every shop to the newest schema.

    Safe to repeat and to kill: each shop is either before or after. Shops of ring 0 go first; when more
    than one shop in a hundred fails, the run stops.
    """
    from tenants.bootstrap import bootstrap
    from tenants.pods import pod_names

    bootstrap()
    for name in pod_names():
        bootstrap(name)
    console = Console(stderr=True)
    with _progress(console) as progress:
        waiting = _migrate_shops(workers, wait, _advance(progress))
    _report(_behind(), waiting)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("Migrating shops"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console,
        transient=True,
    )  # fmt: skip


def _advance(progress: Progress) -> Callable[[MigrationReport], None]:
    task = progress.add_task("shops", visible=False)

    def advance(report: MigrationReport) -> None:
        done = report.migrated + report.failed
        progress.update(task, total=report.total, completed=done, visible=True)

    return advance


def _migrate_shops(workers: int, wait: int, on_progress: Callable[[MigrationReport], None]) -> int:
    """Return how many shops are still locked after `wait` seconds."""
    from tenants.migrate import migrate_tenants

    limit = time.monotonic() + wait
    report = migrate_tenants(workers, on_progress)
    while _is_locked(report) and time.monotonic() < limit:
        time.sleep(AGAIN_SECONDS)
        report = migrate_tenants(workers, on_progress)
    return report.total - report.migrated - report.failed


def _is_locked(report: MigrationReport) -> bool:
    # A shop that waits for its turn is behind without being counted in `waiting` of this run.
    return report.failed == 0 and report.migrated < report.total


def _behind() -> list[TenantRecord]:
    from migrations.chains import head
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import list_tenants

    with transaction(control_scope(), read_only=True) as session:
        return [each for each in list_tenants(session) if each.schema_version < head("tenant")]


def _report(behind: list[TenantRecord], waiting: int) -> None:
    from migrations.chains import head

    if not behind:
        click.echo(f"Every shop is at version {head('tenant')}.")
        return
    for shop in behind:
        click.echo(f"{shop.slug} stays at {shop.schema_version}: {shop.migration_error or 'its tables are in use'}")
    cure = "Run `souk migrate` again when they are quieter." if waiting else "Mend the cause and run it again."
    raise click.ClickException(f"{len(behind)} shops are behind. {cure}")
