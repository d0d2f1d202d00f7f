"""`souk theme history | rollback`: what shoppers of a shop saw, and the way back."""

from __future__ import annotations

import click

from cli.tables import show as show_rows
from cli.theme.here import scope_of

LISTED = ("id", "when", "theme", "version", "kind", "by")
SHOWN = 50


@click.command()
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def history(*, slug: str, as_json: bool) -> None:
    """Show what shoppers of the shop SLUG saw: the first line is what they see now."""
    from souk.kernel.db import transaction
    from themes.publishing import list_publications

    with transaction(scope_of(slug), read_only=True) as session:
        found = list_publications(session, SHOWN)
    rows = [
        {
            "id": each.id,
            "when": each.created_at,
            "theme": each.name,
            "version": each.work.base_version,
            "kind": each.kind,
            "by": each.actor,
        }
        for each in found
    ]
    show_rows(rows, LISTED, as_json=as_json)


@click.command()
@click.argument("slug")
@click.argument("publication_id", type=int)
def rollback(*, slug: str, publication_id: int) -> None:
    """Show shoppers of the shop SLUG what they saw after PUBLICATION_ID, which `souk theme history` names."""
    from souk.kernel.db import transaction
    from themes.publishing import OPERATOR, roll_back

    with transaction(scope_of(slug)) as session:
        roll_back(session, publication_id, actor=OPERATOR)
    click.echo(f"{slug} shows again what it showed after publication {publication_id}.")
