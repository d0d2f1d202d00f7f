"""`souk media sweep`: give back the space of files that a shop does not need any more."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.group()
def media() -> None:
    """The stored files of a shop."""


@media.command()
@click.argument("shop")
@click.option("--dry-run", is_flag=True, help="Only count.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def sweep(*, shop: str, dry_run: bool, as_json: bool) -> None:
    """Delete files of SHOP that none of its rows refers to, and uploads that nobody confirmed for a day.

    Files younger than a day stay, and pictures that nothing shows until they are 30 days old. The worker does the same
    each night. It may run while the shop sells.
    """
    from souk.kernel.config import config
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from souk.media.configured import media_storage
    from souk.media.sweep import sweep_media
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        scope = tenant_by_slug(session, shop).scope
    swept = sweep_media(scope, media_storage(config()), dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(asdict(swept)))
        return
    verb = "would be deleted" if dry_run else "deleted"
    click.echo(f"{shop}: {swept.files} files of {swept.pictures} unused pictures and of things that are gone {verb},")
    click.echo(f"and {swept.uploads} uploads that nobody confirmed.")
