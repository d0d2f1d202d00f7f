"""`souk books`: whether the books of a shop balance."""

from __future__ import annotations

import json

import click

from cli.import_command import scope_of


@click.group("books")
def books_group() -> None:
    """Check that provider, payments, orders, documents and stock agree."""


@books_group.command()
@click.argument("shop")
@click.option("--repair", is_flag=True, help="Do the repairs that need no person, then check again.")
@click.option("--no-providers", is_flag=True, help="Do not ask the payment providers.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(*, shop: str, repair: bool, no_providers: bool, as_json: bool) -> None:
    """Check the books of SHOP; exits with 1 when anything drifts."""
    from plugins.loader import plugins
    from souk.kernel.errors import SoukError
    from souk.orders.books.check import check_books
    from souk.orders.books.repair import repair_drift

    plugins()
    scope = scope_of(shop)
    result = check_books(scope, ask_providers=not no_providers)
    if repair and result.drifts:
        for drift in result.drifts:
            if drift.repair:
                try:
                    repair_drift(scope, drift.repair, drift.subject_id, "cli")
                except SoukError as error:
                    # The others can be repaired all the same; this one is told again below.
                    click.echo(f"{drift.subject}: {error}", err=True)
        result = check_books(scope, ask_providers=not no_providers)
    if as_json:
        facts = {"checked_at": result.checked_at.isoformat(), "total": result.total}
        click.echo(json.dumps(facts | {"drifts": [drift.to_json() for drift in result.drifts]}, ensure_ascii=False))
    else:
        for drift in result.drifts:
            click.echo(f"{drift.area}: {drift.text} {drift.advice}{' (--repair does it)' if drift.repair else ''}")
        click.echo(f"{result.total} drifts." if result.total else "The books balance.")
    if result.total:
        raise click.exceptions.Exit(1)
