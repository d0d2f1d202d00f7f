"""`souk pod`: the databases that hold the shops."""

from __future__ import annotations

import click

from cli.tables import show


@click.group()
def pod() -> None:
    """The databases that hold the shops."""


@pod.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, as_json: bool) -> None:
    """Show each pod with the number of its shops; passwords are not shown."""
    from tenants.pods import list_pods

    rows = [{"name": each.name, "shops": each.shops, "accepts_tenants": each.accepts_tenants} for each in list_pods()]
    show(rows, ("name", "shops", "accepts_tenants"), as_json=as_json)


@pod.command()
@click.argument("name")
@click.option("--database-url", required=True, help="The application's login, which needs no rights of its own.")
@click.option("--database-admin-url", required=True, help="The owner of the schemas.")
@click.option("--redis-url", default="", help="Left out, the pod shares the default pod's Redis.")
def add(*, name: str, database_url: str, database_admin_url: str, redis_url: str) -> None:
    """Add a database and prepare it; `souk worker --pod NAME` serves it."""
    from tenants.bootstrap import bootstrap
    from tenants.pods import add_pod

    add_pod(name, database_url=database_url, database_admin_url=database_admin_url, redis_url=redis_url)
    bootstrap(name)
    click.echo(f"Pod {name} is ready. Start its worker: souk worker --pod {name}")
