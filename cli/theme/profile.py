"""`souk theme profile`: what each section and snippet of a page costs."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import click

from cli.tables import show
from cli.theme.apps import every_app
from cli.theme.check import FOLDER

COLUMNS = ("file", "calls", "operations", "queries", "milliseconds")


@click.command()
@click.argument("folder", type=FOLDER, default=".")
@click.option(
    "--page", "path", default="/", show_default=True, help="An address of the example shop, /products/oak-bowl."
)
@click.option(
    "--rounds", type=click.IntRange(1, 200), default=5, show_default=True, help="Milliseconds are their mean."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def profile(folder: Path, *, path: str, rounds: int, as_json: bool) -> None:
    """Render a page of the theme in FOLDER and show its costs, the dearest first.

    A file's numbers hold what was rendered inside it. Milliseconds are processor time.
    """
    from themes.files import read_folder
    from themes.profile import Profile
    from themes.render import render_page
    from themes.snapshot import page, route
    from themes.theme import Theme

    theme, found, apps = Theme("local", read_folder(folder)), route(path), every_app()
    render_page(theme, found.template, page(found, path, apps=apps))
    recorded = Profile()
    for _ in range(rounds):
        result = render_page(theme, found.template, replace(page(found, path, apps=apps), profile=recorded))
    rows = [asdict(cost) for cost in recorded.costs.values()]
    for row in rows:
        row.update({name: row[name] // rounds for name in ("calls", "operations", "queries")})
        row["milliseconds"] = round(row["milliseconds"] / rounds, 2)
    rows.sort(key=lambda row: (-row["operations"], row["file"]))
    show(rows, COLUMNS, as_json=as_json)
    if not as_json:
        stats = result.stats
        click.echo(f"The page {path}: {stats.ops} operations, {stats.queries} queries, {stats.chars} characters.")
        for name in result.failed_sections:
            click.secho(f"{name} failed; `souk theme dev` shows why.", fg="red")
