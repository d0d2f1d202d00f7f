"""`souk import`: bring products and orders from files into a shop."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from cli.tables import show

if TYPE_CHECKING:
    from souk.catalog.importing.run import Progress
    from souk.kernel.tenancy import TenantScope

SHOWN_PROBLEMS = 20
JSON_PROBLEMS = 1_000
COUNTS = ("created", "updated", "unchanged", "refused")


class Assignment(click.ParamType[tuple[str, str]]):
    """COLUMN=FIELD; a column may contain "=", a field cannot."""

    name = "column=field"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        column, separator, field = value.rpartition("=")
        if not separator or not column:
            self.fail(f"{value!r} is no assignment; write it like “Preis=price”.", param, ctx)
        return column, field


@click.group("import")
def import_group() -> None:
    """Bring data from other platforms into a shop."""


@import_group.command()
@click.argument("shop")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "-m", multiple=True, type=Assignment(), help="Let a column fill a field; remembered.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal sign of the file's amounts.")
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
@click.option("--undo", type=int, metavar="IMPORT", help="Take an import back, while nothing newer stands on it.")
@click.option("--resume", is_flag=True, help="Go on with the import that was broken off last.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def products(
    *, shop: str, file: Path | None, mapping: Sequence[tuple[str, str]], decimal: str | None, dry_run: bool,
    undo: int | None, resume: bool, as_json: bool,
) -> None:  # fmt: skip
    """Import Shopify's product CSV, any CSV or JSON Lines, plain or gzipped, into SHOP.

    Products whose handle the shop has are updated. A product that cannot be read is named and left out. Amounts are
    in the shop's currency. A process that dies loses nothing: `--resume` goes on where it stood.
    """
    if sum([file is not None, undo is not None, resume]) != 1:
        raise click.UsageError("Give a FILE, or --undo IMPORT, or --resume.")
    scope = scope_of(shop)
    if file is not None:
        job_id = _create(scope, file, dict(mapping), decimal, "check" if dry_run else "apply")
    else:
        job_id = _again(scope, undo)
    _run(scope, job_id)
    _report(scope, job_id, as_json=as_json)


@import_group.command()
@click.argument("shop")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "-m", multiple=True, type=Assignment(), help="Let a column fill a field; remembered.")
@click.option("--decimal", type=click.Choice([".", ","]), help="The decimal sign of the file's amounts.")
@click.option("--currency", default="", help="The currency of amounts of which the file names none: the shop's own.")
@click.option("--dry-run", is_flag=True, help="Say what would be brought in and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def orders(
    *, shop: str, file: Path, mapping: Sequence[tuple[str, str]], decimal: str | None, currency: str, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Import the orders of another system with their history: Shopify's order export or any CSV, plain or gzipped.

    Orders are known by their number there, so that a second run brings in only what is new. Nobody gets a mail and no
    stock moves. A line with a negative quantity gives goods and money back. What cannot be read is named and left out.
    """
    scope = scope_of(shop)
    job_id = _create_orders(scope, file, dict(mapping), (decimal, currency), "check" if dry_run else "apply")
    _run_orders(scope, job_id)
    _report(scope, job_id, as_json=as_json, what="orders")


@import_group.command("list")
@click.argument("shop")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_command(*, shop: str, as_json: bool) -> None:
    """List the imports of SHOP, the newest first."""
    from souk.catalog.importing.jobs import list_imports
    from souk.kernel.db import transaction

    with transaction(scope_of(shop), read_only=True) as session:
        rows = [dict(row._mapping) for row in list_imports(session)]  # noqa: SLF001  SQLAlchemy's public name for it
    show(rows, ["id", "created_at", "filename", "status", *COUNTS, "error"], as_json=as_json)


def scope_of(slug: str) -> TenantScope:
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        return tenant_by_slug(session, slug).scope


def _create(scope: TenantScope, file: Path, mapping: dict[str, str], decimal: str | None, step: str) -> int:
    from souk.catalog.importing.jobs import begin, choose_mapping, create_import
    from souk.catalog.importing.mappings import mapping_for
    from souk.catalog.importing.upload import store_upload
    from souk.kernel.config import config
    from souk.kernel.db import transaction
    from souk.media.configured import media_storage

    with file.open("rb") as stream:
        upload = store_upload(media_storage(config()), scope.tenant_id, stream, file.name)
    with transaction(scope) as session:
        mapped = mapping_for(session, upload)
        job_id = create_import(session, upload, mapped, "cli")
        if mapping or decimal:
            choose_mapping(session, job_id, mapped.fields | mapping, decimal or mapped.decimal)
        begin(session, job_id, step)
    return job_id


def _again(scope: TenantScope, undo: int | None) -> int:
    """Return the import to go on with: the one to undo, or the newest that is not at its end."""
    from souk.catalog.importing.jobs import RUNNING, begin, list_imports
    from souk.kernel.db import transaction

    with transaction(scope) as session:
        if undo is not None:
            begin(session, undo, "undo")
            return undo
        for job in list_imports(session):
            if job.status in RUNNING:
                return int(job.id)
            if job.status in {"canceled", "failed"}:
                begin(session, job.id, "resume")
                return int(job.id)
    raise click.ClickException("No import of this shop was broken off; `souk import list` shows them all.")


def _run(scope: TenantScope, job_id: int) -> None:
    from souk.catalog.importing.run import run_import
    from souk.kernel.config import config
    from souk.media.configured import media_storage

    columns = (TextColumn("{task.fields[done]} products"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("products", total=None, done=0)

        def advance(progress: Progress) -> None:
            bar.update(task, completed=progress.bytes_read, total=progress.bytes_total, done=progress.products)

        run_import(scope, media_storage(config()), job_id, advance)


def _create_orders(
    scope: TenantScope, file: Path, mapping: dict[str, str], written: tuple[str | None, str], step: str
) -> int:
    """`written`: the decimal sign and the currency of the file's amounts, as far as they were given."""
    from souk.catalog.importing.jobs import begin, read_import
    from souk.catalog.importing.upload import store_upload
    from souk.kernel.config import config
    from souk.kernel.db import transaction
    from souk.media.configured import media_storage
    from souk.orders.importing.jobs import choose_columns, create_order_import

    with file.open("rb") as stream:
        upload = store_upload(media_storage(config()), scope.tenant_id, stream, file.name)
    with transaction(scope) as session:
        job_id = create_order_import(session, upload, "cli")
        decimal, currency = written
        if mapping or decimal or currency:
            known = read_import(session, job_id).mapping
            fields = {column: field for column, field in known["fields"].items() if field not in mapping.values()}
            choose_columns(session, job_id, fields | mapping, decimal or known["decimal"], currency)
        begin(session, job_id, step)
    return job_id


def _run_orders(scope: TenantScope, job_id: int) -> None:
    from souk.kernel.config import config
    from souk.media.configured import media_storage
    from souk.orders.importing.run import run_order_import

    columns = (TextColumn("{task.fields[done]} orders"), BarColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("orders", total=None, done=0)
        run_order_import(scope, media_storage(config()), job_id, lambda done: bar.update(task, done=done))


def _report(scope: TenantScope, job_id: int, *, as_json: bool, what: str = "products") -> None:
    from souk.catalog.importing.jobs import read_import
    from souk.catalog.importing.results import list_results, sentence
    from souk.kernel.db import transaction

    with transaction(scope, read_only=True) as session:
        job = read_import(session, job_id)
        refused = list_results(session, job_id, action="refused", limit=JSON_PROBLEMS)
    problems = [sentence(reason) for row in refused for reason in row.reasons[:1]]
    if as_json:
        counts = {name: getattr(job, name) for name in COUNTS}
        facts: dict[str, Any] = {"import": job_id, "status": job.status, "error": job.error, **counts}
        click.echo(json.dumps(facts | {"problems": problems}, ensure_ascii=False))
    else:
        _tell(job, problems, what)
    if job.status == "failed" or (job.error and job.status == "applied"):
        raise click.exceptions.Exit(1)


def _tell(job: Any, problems: Sequence[str], what: str) -> None:
    if job.status == "undone":
        click.echo(f"Import {job.id} is undone.")
    else:
        would = " would be" if job.status == "checked" else ""
        click.echo(
            f"Import {job.id}: {job.created} {what}{would} made, {job.updated} updated,"
            f" {job.unchanged} unchanged, {job.refused} left out."
        )
        for problem in problems[:SHOWN_PROBLEMS]:
            click.echo(f"  {problem}")
        if job.refused > SHOWN_PROBLEMS:
            click.echo(f"  and {job.refused - SHOWN_PROBLEMS} more; --json names {JSON_PROBLEMS:,} of them.")
    if job.error:
        click.echo(f"  {job.error}")
