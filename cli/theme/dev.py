"""`souk theme dev`: a theme in the browser, on an example shop, reloaded on save."""

from __future__ import annotations

from pathlib import Path

import click

from cli.theme.check import FOLDER


@click.command()
@click.argument("folder", type=FOLDER, default=".")
@click.option("--port", type=click.IntRange(0, 65535), default=9292, show_default=True)
def dev(folder: Path, *, port: int) -> None:
    """Show the theme in FOLDER at http://127.0.0.1:9292 until Ctrl-C; no shop and no network are needed."""
    from werkzeug.serving import make_server

    from cli.theme.local import LocalTheme
    from cli.theme.server import Site

    local = LocalTheme(folder)
    local.refresh()
    site = Site(local)
    server = make_server("127.0.0.1", port, site, threaded=True)
    site.watch()
    click.echo(f"http://127.0.0.1:{server.server_port} shows {folder}; Ctrl-C ends it.")
    if local.problem:
        click.secho(local.problem, fg="red")
    try:
        server.serve_forever()
    finally:
        site.close()
        server.server_close()
