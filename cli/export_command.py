"""`souk export`: write a shop's products into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.import_command import scope_of


@click.group("export")
def export_group() -> None:
    """Write data of a shop into files."""


@export_group.command()
@click.argument("shop")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--format", "format_name", type=click.Choice(["shopify", "jsonl"]), help="From the file's name unless given."
)
@click.option("--status", type=click.Choice(["draft", "active", "archived"]))
@click.option("--query", help="Products with this in title, vendor or SKU.")
@click.option("--vendor")
@click.option("--type", "product_type")
@click.option("--tag")
@click.option("--collection", "collection_id", type=int, metavar="ID")
def products(*, shop: str, file: Path, format_name: str | None, **filters: Any) -> None:
    """Write the products of SHOP to FILE: Shopify's product CSV, or JSON Lines where its name ends in .jsonl.

    `souk import products` reads both back without a change. The file appears when it is whole.
    """
    from souk.catalog.exporting.filters import checked
    from souk.catalog.exporting.stream import count_products, stream_products

    scope, chosen = scope_of(shop), checked(filters)
    name = format_name or ("jsonl" if file.suffix in {".jsonl", ".ndjson"} else "shopify")
    unfinished = file.with_name(f".{file.name}.part")
    columns = (TextColumn("products"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar, unfinished.open("wb") as target:
        task = bar.add_task("products", total=count_products(scope, chosen))
        for chunk in stream_products(scope, name, chosen, lambda count: bar.update(task, completed=count)):
            target.write(chunk)
        done = int(bar.tasks[0].completed)
    unfinished.replace(file)
    click.echo(f"{done} products written to {file}.")


@export_group.command()
@click.argument("shop")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--status", type=click.Choice(["open", "archived", "canceled"]))
def orders(*, shop: str, file: Path, status: str | None) -> None:
    """Write the orders of SHOP to FILE, a row for each line, in the headings that `souk import orders` reads.

    The file appears when it is whole.
    """
    from souk.kernel.db import transaction
    from souk.orders.exporting import head, orders_after
    from souk.orders.models import Order

    scope, wanted = scope_of(shop), [Order.status == status] if status else []
    unfinished = file.with_name(f".{file.name}.part")
    last: int | None = 0
    with unfinished.open("w", encoding="utf-8", newline="") as target:
        target.write(head())
        while last is not None:
            with transaction(scope, read_only=True) as session:
                text, last = orders_after(session, wanted, last)
            target.write(text)
    unfinished.replace(file)
    click.echo(f"The orders are written to {file}.")
