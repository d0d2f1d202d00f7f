"""`souk up`: everything in the foreground, with embedded services for whatever is not configured."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.console import Console

from cli.services.errors import ServiceError
from cli.up.errors import StartError
from cli.up.supervisor import run


@click.command()
@click.option("--demo", is_flag=True, help="Seed two demo shops on two domains.")
@click.option(
    "--ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write addresses, logins and tokens here as JSON once everything answers.",
)
def up(*, demo: bool, ready_file: Path | None) -> None:
    """Run services, web and worker in the foreground; Ctrl-C stops everything.

    SOUK_PORT (default 8000; 0 takes a free one) and SOUK_HOME (default .souk) move it. DATABASE_URL and
    REDIS_URL replace the embedded PostgreSQL and Redis.
    """
    try:
        run(os.environ, demo=demo, ready_file=ready_file, console=Console())
    except (StartError, ServiceError) as error:
        raise click.ClickException(str(error)) from error
