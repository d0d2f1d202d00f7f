"""`souk theme package`: a ZIP file that a shop takes."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.theme.check import FOLDER, show


@click.command()
@click.argument("folder", type=FOLDER, default=".")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="NAME-VERSION.zip when left out.")
def package(folder: Path, *, output: Path | None) -> None:
    """Pack the theme in FOLDER after checking it."""
    from themes.archive import pack
    from themes.files import read_all
    from themes.validate import check, errors

    files = read_all(folder)
    found = errors(check(files))
    if found:
        show(found)
        raise SystemExit(1)
    manifest = json.loads(files["theme.json"])
    target = output or Path(f"{manifest['handle']}-{manifest['version']}.zip")
    content = pack(files)
    target.write_bytes(content)
    click.echo(f"{target} holds {len(files)} files in {len(content) // 1024 + 1} KB.")
