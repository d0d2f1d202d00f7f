"""`souk theme list | push | pull | publish`: the themes of one shop."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cli.tables import show as show_rows
from cli.theme.check import FOLDER, show
from cli.theme.target import Push, ThemeShop, shop_of

LISTED = ("id", "name", "role", "version", "files", "published_at")

_TOKEN = click.option(
    "--token", envvar="SOUK_TOKEN", default="", help="API token of a shop named by its address (or SOUK_TOKEN)."
)


def _of_shop(command: Callable[..., None]) -> Callable[..., None]:
    return click.argument("shop")(_TOKEN(command))


@click.command("list")
@_of_shop
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, shop: str, token: str, as_json: bool) -> None:
    """Show the themes of SHOP, its slug or its address (https://...), the live one first."""
    show_rows(shop_of(shop, token).themes(), LISTED, as_json=as_json)


@click.command()
@_of_shop
@click.argument("folder", type=FOLDER, default=".")
@click.option("--theme", "theme_id", type=int, help="Exchange the files of this theme; a new one when left out.")
@click.option("--publish", "live", is_flag=True, help="Show it to shoppers at once.")
@click.option("--force", is_flag=True, help="Overwrite code that was changed in the shop since the folder was pulled.")
def push(*, shop: str, token: str, folder: Path, theme_id: int | None, live: bool, force: bool) -> None:
    """Bring the theme in FOLDER to SHOP, its slug or its address, after checking it as the server does.

    With --theme, code that was changed in the shop since the last push or pull is not overwritten: the files are named.
    """
    from cli.theme.pulled import remember
    from themes.files import read_all
    from themes.upload import ThemeRefused, check_upload

    files = read_all(folder)
    try:
        check_upload(files)
    except ThemeRefused as refused:
        show(refused.findings)
        raise SystemExit(1) from refused
    facts: dict[str, Any] = json.loads(files["theme.json"])
    there = shop_of(shop, token)
    seen = _seen(there, folder, shop, theme_id)
    theme_id = there.push(Push(files, facts["name"], facts["version"], theme_id, live, seen, force))
    remember(folder, shop, theme_id, there.version(theme_id))
    click.echo(f"{shop} has {facts['name']} {facts['version']} as theme {theme_id}{', live now' if live else ''}.")


def _seen(there: ThemeShop, folder: Path, shop: str, theme_id: int | None) -> int | None:
    """Return the theme's version where the folder holds just that one: what stands in the shop is then known."""
    from cli.theme.pulled import remembered

    held = remembered(folder, shop, theme_id)
    return held if theme_id is not None and held is not None and held == there.version(theme_id) else None


@click.command()
@_of_shop
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--theme", "theme_id", type=int, help="The live one when left out.")
def pull(*, shop: str, token: str, folder: Path, theme_id: int | None) -> None:
    """Write a theme of SHOP, with what the merchant changed in it, to FOLDER, which must be new or empty."""
    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty; choose another folder.")
    from cli.theme.pulled import remember

    there = shop_of(shop, token)
    # Before the files: what changes in between is then taken for newer, never for seen.
    named = there.live() if theme_id is None else theme_id
    version = None if named is None else there.version(named)
    files = there.pull(named)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    if named is not None and version is not None:
        remember(folder, shop, named, version)
    click.echo(f"{folder} holds {len(files)} files.")


@click.command()
@_of_shop
@click.argument("theme_id", type=int)
def publish(*, shop: str, token: str, theme_id: int) -> None:
    """Make THEME_ID the live theme of SHOP; publishing the former one again takes it back."""
    shop_of(shop, token).publish(theme_id)
    click.echo(f"{shop} shows theme {theme_id} now.")
