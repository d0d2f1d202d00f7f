"""`souk domain`: the host names of a shop. A change is visible within a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from cli.tables import show

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group()
def domain() -> None:
    """The host names of a shop."""


@domain.command()
@click.argument("shop")
@click.argument("host")
@click.option("--primary", is_flag=True, help="All other domains of the shop redirect to it.")
def add(*, shop: str, host: str, primary: bool) -> None:
    """Give SHOP the host name HOST, such as www.example.com."""
    from tenants.domains import add_domain

    with _shop(shop) as (session, tenant_id):
        name = add_domain(session, tenant_id, host, primary=primary)
    click.echo(f"{name} leads to {shop}; point its DNS record at this platform.")


@domain.command("list")
@click.argument("shop")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, shop: str, as_json: bool) -> None:
    """Show the host names of SHOP, the primary one first."""
    from tenants.queries import domains_of

    with _shop(shop) as (session, tenant_id):
        rows = [
            {"host": row.host, "primary": row.is_primary, "verified_at": row.verified_at}
            for row in domains_of(session, tenant_id)
        ]
    show(rows, ("host", "primary", "verified_at"), as_json=as_json)


@domain.command()
@click.argument("shop")
@click.argument("host")
def remove(*, shop: str, host: str) -> None:
    """Take HOST from SHOP; the primary one stays until another is made primary."""
    from tenants.domains import remove_domain

    with _shop(shop) as (session, tenant_id):
        remove_domain(session, tenant_id, host)
    click.echo(f"{host} no longer leads to {shop}.")


@domain.command()
@click.argument("shop")
@click.argument("host")
def primary(*, shop: str, host: str) -> None:
    """Let every other domain of SHOP redirect to HOST."""
    from tenants.domains import make_primary
    from tenants.hosts import normalize_host

    with _shop(shop) as (session, tenant_id):
        make_primary(session, tenant_id, normalize_host(host))
    click.echo(f"{host} is the primary domain of {shop}.")


@contextmanager
def _shop(slug: str) -> Iterator[tuple[Session, int]]:
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    with transaction(control_scope()) as session:
        yield session, tenant_by_slug(session, slug).id
