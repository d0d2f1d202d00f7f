"""Show rows to a person as a table, or to a program as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

WIDE = 240


def show(rows: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print `columns` of each row; JSON carries every key, times as ISO 8601 in UTC."""
    if as_json:
        click.echo(json.dumps(list(rows), default=_plain, ensure_ascii=False))
        return
    table = Table(*(column.replace("_", " ") for column in columns), box=None, header_style="dim", pad_edge=False)
    for column in table.columns:
        column.overflow = "fold"  # a host name that ends in dots cannot be copied
    for row in rows:
        table.add_row(*(_words(row[column]) for column in columns))
    console = Console()
    if not console.is_terminal:
        # A file or a pipe has no width: the 80 columns that are assumed for it would break names and times apart.
        console = Console(width=WIDE)
    console.print(table)


def show_one(row: dict[str, Any], *, as_json: bool) -> None:
    """Print one thing, a line for each of its facts."""
    if as_json:
        click.echo(json.dumps(row, default=_plain, ensure_ascii=False))
        return
    width = max(len(name) for name in row)
    for name, value in row.items():
        click.echo(f"{name.replace('_', ' '):<{width}}  {_words(value)}")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(_words(each) for each in value)
    return "" if value is None else str(value)
