"""`souk prices`: the price lists and currencies of a shop."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import click

from cli.import_command import scope_of


@click.group("prices")
def prices() -> None:
    """Look at price lists, move their prices by file, and set the rates of currencies."""


@prices.command("list")
@click.argument("shop")
def list_command(shop: str) -> None:
    """List the price lists and currencies of SHOP."""
    from souk.kernel.db import transaction
    from souk.pricing.queries import list_price_lists
    from souk.pricing.rules import read_rules

    with transaction(scope_of(shop), read_only=True) as session:
        rows, rules = list_price_lists(session), read_rules(session)
    for row in rows:
        whom = ", ".join([*row.tags, *row.countries]) or "everybody"
        change = "" if row.percent is None else f" {row.percent:+f}".rstrip("0").rstrip(".") + " %"
        click.echo(f"{row.id}: {row.name} ({row.status}) {row.currency or 'any currency'}, {whom}:{change}"
                   f" {row.prices} prices")  # fmt: skip
    for code, rate in rules.rates.items():
        click.echo(f"1 {rules.base} = {rate.rate:f} {code}{'' if rate.enabled else ' (stopped)'}")
    if not rows and not rules.rates:
        click.echo(f"Everybody pays the prices of the products, in {rules.base}.")


@prices.command("rate")
@click.argument("shop")
@click.argument("currency")
@click.argument("rate")
def rate_command(shop: str, currency: str, rate: str) -> None:
    """Say that one unit of SHOP's currency is worth RATE of CURRENCY; rounding and countries stay as they are."""
    from souk.kernel.db import transaction
    from souk.pricing.rules import Rate, read_rules
    from souk.pricing.save_currency import CurrencyDraft, save_currency

    with transaction(scope_of(shop)) as session:
        rules, code = read_rules(session), currency.upper()
        kept = rules.rates.get(code) or Rate(Decimal(1))
        told = CurrencyDraft(code=code, rate=rate, step=kept.step, less=kept.less, countries=sorted(kept.countries))
        save_currency(session, told)
    click.echo(f"1 {rules.base} = {rate} {code}.")


@prices.command("export")
@click.argument("shop")
@click.argument("list_id", type=int)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export_command(shop: str, list_id: int, path: Path) -> None:
    """Write the prices of a list of SHOP to the CSV file PATH."""
    from souk.kernel.db import transaction
    from souk.pricing.prices_csv import write_prices
    from souk.pricing.queries import prices_of_list, read_price_list
    from souk.pricing.rules import read_rules

    with transaction(scope_of(shop), read_only=True) as session:
        currency = read_price_list(session, list_id).currency or read_rules(session).base
        rows = prices_of_list(session, list_id)
    path.write_text(write_prices(rows, currency), "utf-8", newline="")
    click.echo(f"{len(rows)} prices are in {path}.")


@prices.command("import")
@click.argument("shop")
@click.argument("list_id", type=int)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_command(shop: str, list_id: int, path: Path) -> None:
    """Let a list of SHOP have exactly the prices of the CSV file PATH."""
    from souk.kernel.db import transaction
    from souk.pricing.prices_csv import read_prices
    from souk.pricing.queries import read_price_list
    from souk.pricing.set_prices import replace_prices

    text = path.read_text("utf-8-sig")
    with transaction(scope_of(shop)) as session:
        currency = read_price_list(session, list_id).currency
        count = replace_prices(session, list_id, read_prices(session, text, currency))
    click.echo(f"The list has {count} prices.")
