"""`souk theme init`: a theme to begin with."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--from", "base", default="bazaar", show_default=True, help="The built-in theme to start from.")
@click.option("--name", help="What merchants read; the folder's name when left out.")
def init(folder: Path, *, base: str, name: str | None) -> None:
    """Copy a built-in theme to FOLDER, which must be new or empty."""
    from themes.theme import load_builtin

    if folder.exists() and any(folder.iterdir()):
        raise click.ClickException(f"{folder} is not empty; choose another folder.")
    files = dict(load_builtin(base).files)
    title = name or folder.resolve().name
    handle = "".join(letter if letter.isalnum() else "_" for letter in title.lower()).strip("_") or "theme"
    manifest = {**json.loads(files["theme.json"]), "name": title[:60], "version": "0.1.0"}
    manifest["handle"] = handle[:40] if handle[0].isalpha() else f"theme_{handle}"[:40]
    files["theme.json"] = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    click.echo(f"{folder} holds {len(files)} files; `souk theme dev {folder}` shows them.")
