"""`souk theme add`: another built-in theme for a shop."""

from __future__ import annotations

import click

from cli.theme.here import scope_of


@click.command()
@click.argument("slug")
@click.argument("handle")
@click.option("--publish", "live", is_flag=True, help="Show it to shoppers at once.")
def add(*, slug: str, handle: str, live: bool) -> None:
    """Give the shop SLUG the built-in theme HANDLE, such as ledger, beside its live one."""
    from souk.kernel.db import transaction
    from themes.add_builtin import add_builtin
    from themes.publishing import publish_theme

    with transaction(scope_of(slug)) as session:
        theme_id = add_builtin(session, handle)
        if live:
            publish_theme(session, theme_id)
    click.echo(f"{slug} has {handle} as theme {theme_id}{', live now' if live else ''}.")
