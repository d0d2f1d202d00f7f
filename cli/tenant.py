"""`souk tenant`: make, list, show, suspend and resume shops."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from cli.parameters import CountryCode, CurrencyCode, TimeZone
from cli.tables import show, show_one

LISTED = ("id", "slug", "name", "pod", "status", "schema_version")


@click.group()
def tenant() -> None:
    """Make, list, suspend and resume shops."""


@tenant.command()
@click.argument("slug")
@click.option("--name", help="What shoppers read; the slug when left out.")
@click.option("--currency", type=CurrencyCode(), default="USD", show_default=True)
@click.option("--country", type=CountryCode(), default="US", show_default=True, help="Where the shop sells from.")
@click.option("--locale", default="en", show_default=True)
@click.option("--timezone", type=TimeZone(), default="UTC", show_default=True)
@click.option("--prices-include-tax", is_flag=True, help="As in Europe; otherwise tax is added at the checkout.")
@click.option("--email", default="", help="Where shoppers' answers to mail go.")
@click.option("--pod", default="default", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def create(*, slug: str, name: str | None, pod: str, as_json: bool, **shop: Any) -> None:
    """Make the shop SLUG with its schema and its host SLUG.<base domain>."""
    from souk.kernel.db import transaction
    from souk.shipping.set_up import set_up_shipping
    from tenants.provision import provision

    scope = provision(slug, name or slug, pod_name=pod, shop=shop)
    with transaction(scope) as session:
        set_up_shipping(session)
    show_one(_facts(slug), as_json=as_json)


@tenant.command("list")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, as_json: bool) -> None:
    """Show every shop with its schema version, and why one is behind."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import list_tenants

    with transaction(control_scope(), read_only=True) as session:
        rows = [asdict(each) for each in list_tenants(session)]
    failed = any(row["migration_error"] for row in rows)
    show(rows, (*LISTED, "migration_error") if failed else LISTED, as_json=as_json)


@tenant.command("show")
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def show_(*, slug: str, as_json: bool) -> None:
    """Show one shop with its domains and settings."""
    show_one(_facts(slug), as_json=as_json)


@tenant.command()
@click.argument("slug")
def suspend(*, slug: str) -> None:
    """Close the shop to shoppers and programs; its data stays."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.status import suspend

    with transaction(control_scope()) as session:
        suspend(session, slug)
    click.echo(f"{slug} is suspended; `souk tenant resume {slug}` opens it again.")


@tenant.command()
@click.argument("slug")
def resume(*, slug: str) -> None:
    """Open a suspended shop again."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.status import resume

    with transaction(control_scope()) as session:
        resume(session, slug)
    click.echo(f"{slug} is open.")


@tenant.command()
@click.argument("slug")
@click.option("--off", is_flag=True, help="Open the storefront to everybody.")
def password(*, slug: str, off: bool) -> None:
    """Lock the storefront of SLUG behind a password that shoppers must type; asks for it."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug
    from tenants.storefront_password import remove_storefront_password, set_storefront_password

    chosen = "" if off else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with transaction(control_scope()) as session:
        tenant_id = tenant_by_slug(session, slug).id
        if off:
            remove_storefront_password(session, tenant_id)
        else:
            set_storefront_password(session, tenant_id, chosen)
    click.echo(f"{slug} is open to everybody." if off else f"{slug} asks for the password now.")


def _facts(slug: str) -> dict[str, Any]:
    from souk.kernel.config import config
    from souk.kernel.db import transaction
    from souk.kernel.settings import read_setting
    from souk.kernel.tenancy import control_scope
    from tenants.queries import domains_of, tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        record = tenant_by_slug(session, slug)
        domains = [row.host for row in domains_of(session, record.id)]
    with transaction(record.scope, read_only=True) as session:
        settings = read_setting(session, "shop")
    address = config().origin(domains[0]) if domains else ""
    return {**asdict(record), "address": address, "domains": domains, **settings, "name": record.name}
