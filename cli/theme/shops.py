"""`souk theme list | push | pull | publish`: the themes of one shop, for operators."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.edge import attach
from cli.tables import show as show_rows
from cli.theme.check import FOLDER, show

if TYPE_CHECKING:
    from souk.kernel.tenancy import TenantScope
    from souk.media.storage import MediaStorage
    from themes.installations import Installed

LISTED = ("id", "name", "role", "version", "files", "published_at")


def scope_of(slug: str) -> TenantScope:
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    attach()
    with transaction(control_scope(), read_only=True) as session:
        return tenant_by_slug(session, slug).scope


def _storage() -> MediaStorage:
    from souk.kernel.config import config
    from souk.media.configured import media_storage

    return media_storage(config())


@click.command("list")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, slug: str, as_json: bool) -> None:
    """Show the themes of the shop SLUG, the live one first."""
    from souk.kernel.db import transaction
    from themes.installations import list_themes

    with transaction(scope_of(slug), read_only=True) as session:
        found = list_themes(session)
    rows = [
        {
            "id": each.id,
            "name": each.name,
            "role": each.role,
            "version": each.base_version,
            "files": len(each.files) or each.base_handle,
            "published_at": each.published_at,
        }
        for each in found
    ]
    show_rows(rows, LISTED, as_json=as_json)


@click.command()
@click.argument("slug")
@click.argument("folder", type=FOLDER, default=".")
@click.option("--theme", "theme_id", type=int, help="Exchange the files of this theme; a new one when left out.")
@click.option("--publish", "live", is_flag=True, help="Show it to shoppers at once.")
def push(*, slug: str, folder: Path, theme_id: int | None, live: bool) -> None:
    """Bring the theme in FOLDER to the shop SLUG, after checking it as the server does."""
    from souk.kernel.db import transaction
    from themes.files import read_all
    from themes.installations import add_theme, replace_files
    from themes.publishing import publish_theme
    from themes.stored import keep_files
    from themes.upload import ThemeRefused, check_upload

    files = read_all(folder)
    try:
        check_upload(files)
    except ThemeRefused as refused:
        show(refused.findings)
        raise SystemExit(1) from refused
    scope, manifest = scope_of(slug), json.loads(files["theme.json"])
    kept = keep_files(_storage(), files)
    with transaction(scope) as session:
        if theme_id is None:
            theme_id = add_theme(session, manifest["name"], manifest["version"], kept)
        else:
            replace_files(session, theme_id, manifest["version"], kept)
        if live:
            publish_theme(session, theme_id)
    click.echo(
        f"{slug} has {manifest['name']} {manifest['version']} as theme {theme_id}{', live now' if live else ''}."
    )


@click.command()
@click.argument("slug")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--theme", "theme_id", type=int, help="The live one when left out.")
def pull(*, slug: str, folder: Path, theme_id: int | None) -> None:
    """Write a theme of the shop SLUG, with what the merchant changed in it, to FOLDER, which must be new or empty."""
    from souk.kernel.db import transaction
    from themes.installations import list_themes, theme_by_id

    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty; choose another folder.")
    with transaction(scope_of(slug), read_only=True) as session:
        live = [each for each in list_themes(session) if each.role == "main"]
        chosen = theme_by_id(session, theme_id) if theme_id is not None else next(iter(live), None)
    files = _files_of(chosen)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    click.echo(f"{folder} holds {len(files)} files.")


def _files_of(chosen: Installed | None) -> dict[str, bytes]:
    from themes.merge import with_changes
    from themes.stored import FALLBACK, read_files
    from themes.theme import load_builtin

    if chosen is None:
        return dict(load_builtin(FALLBACK).files)
    files = read_files(_storage(), chosen.files) if chosen.files else dict(load_builtin(chosen.base_handle).files)
    return with_changes(files, chosen.settings, chosen.templates)


@click.command()
@click.argument("slug")
@click.argument("theme_id", type=int)
def publish(*, slug: str, theme_id: int) -> None:
    """Make THEME_ID the live theme of the shop SLUG; publishing the former one again takes it back."""
    from souk.kernel.db import transaction
    from themes.publishing import publish_theme

    with transaction(scope_of(slug)) as session:
        publish_theme(session, theme_id)
    click.echo(f"{slug} shows theme {theme_id} now.")
