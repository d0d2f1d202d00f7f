"""`souk staff`: the people who sign in to the dashboard."""

from __future__ import annotations

import secrets

import click

from cli.tables import show, show_one

ROLES = click.Choice(["owner", "admin", "fulfillment", "viewer"])
GENERATED_BYTES = 12


@click.group()
def staff() -> None:
    """The people who sign in to the dashboard."""


@staff.command()
@click.argument("email")
@click.option("--name", default="")
@click.option("--shop", "shops", multiple=True, help="A shop to work in; may be given again.")
@click.option("--role", type=ROLES, default="owner", show_default=True)
@click.option("--password", envvar="SOUK_STAFF_PASSWORD", help="Left out, one is made and shown once.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def create(*, email: str, name: str, shops: tuple[str, ...], role: str, password: str | None, as_json: bool) -> None:
    """Make an account for EMAIL and let it into the shops named."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from souk.staff.create import create_staff
    from souk.staff.memberships import add_membership
    from tenants.queries import tenant_by_slug

    secret = password or secrets.token_urlsafe(GENERATED_BYTES)
    with transaction(control_scope()) as session:
        staff_id = create_staff(session, email, name, secret)
        for slug in shops:
            add_membership(session, staff_id, tenant_by_slug(session, slug).id, role)
    show_one(_facts(email, list(shops), role, "" if password else secret), as_json=as_json)


@staff.command()
@click.argument("email")
@click.argument("shop")
@click.option("--role", type=ROLES, default="owner", show_default=True)
def add(*, email: str, shop: str, role: str) -> None:
    """Let the account EMAIL into SHOP, or change its role there."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from souk.staff.memberships import add_membership
    from souk.staff.queries import staff_by_email
    from tenants.queries import tenant_by_slug

    with transaction(control_scope()) as session:
        add_membership(session, staff_by_email(session, email).id, tenant_by_slug(session, shop).id, role)
    click.echo(f"{email} works in {shop} as {role}.")


@staff.command("list")
@click.argument("shop")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_(*, shop: str, as_json: bool) -> None:
    """Show who works in SHOP, and as what."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from souk.staff.memberships import colleagues
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        people = colleagues(session, tenant_by_slug(session, shop).id)
    rows = [{"email": each.email, "name": each.name, "role": each.role} for each in people]
    show(rows, ("email", "name", "role"), as_json=as_json)


@staff.command("reset-password")
@click.argument("email")
@click.option("--password", envvar="SOUK_STAFF_PASSWORD", help="Left out, one is made and shown once.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def reset_password(*, email: str, password: str | None, as_json: bool) -> None:
    """Give EMAIL another password and end all of its sessions."""
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from souk.staff.passwords import set_password
    from souk.staff.queries import staff_by_email

    secret = password or secrets.token_urlsafe(GENERATED_BYTES)
    with transaction(control_scope()) as session:
        set_password(session, staff_by_email(session, email).id, secret)
    facts: dict[str, object] = {"email": email, "sessions": "ended"}
    show_one(facts if password else {**facts, "password": secret}, as_json=as_json)


def _facts(email: str, shops: list[str], role: str, password: str) -> dict[str, object]:
    """The password is shown only where it was made here: a given one must not reach a terminal's history."""
    facts: dict[str, object] = {"email": email, "shops": shops, "role": role}
    return {**facts, "password": password} if password else facts
