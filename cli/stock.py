"""`souk stock check`: compare every stock counter with the ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.tables import show

if TYPE_CHECKING:
    from souk.inventory.audit import Discrepancy
    from souk.kernel.tenancy import TenantScope

STEP = 2_000
_COUNTERS = ("on_hand", "committed", "reserved", "incoming")


@click.group()
def stock() -> None:
    """The stock of a shop."""


@stock.command()
@click.argument("shop")
@click.option("--mend", "mending", is_flag=True, help="Write what the ledger says into the counters that differ.")
@click.option("--json", "as_json", is_flag=True, help="For programs: one JSON list.")
@click.pass_context
def check(ctx: click.Context, /, shop: str, *, mending: bool, as_json: bool) -> None:
    """Compute every counter of SHOP from ledger, reservations and transfers, and list those that differ.

    Ends with 1 when one differs and was not mended. It may run while the shop sells.
    """
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    with transaction(control_scope(), read_only=True) as session:
        scope = tenant_by_slug(session, shop).scope
    found = _checked(scope)
    if mending:
        found = _mend(scope, found)
    if found or as_json:
        rows = [_row(one) for one in found]
        show(rows, ("level_id", "variant_id", "location_id", *_COUNTERS), as_json=as_json)
    if not as_json:
        click.echo(_sentence(len(found), mended=mending))
    ctx.exit(1 if found and not mending else 0)


def _checked(scope: TenantScope) -> list[Discrepancy]:
    from souk.inventory.audit import audit_step, audit_steps
    from souk.kernel.db import transaction

    found, after = list["Discrepancy"](), 0
    with transaction(scope, read_only=True) as session:
        steps = audit_steps(session, STEP)
    columns = (TextColumn("levels"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("levels", total=sum(levels for _, levels in steps))
        for last, levels in steps:
            # A transaction a step: it must not hold back the clean-up of a shop that sells.
            with transaction(scope, read_only=True, timeout_ms=60_000) as session:
                found += audit_step(session, after, last)
            after = last
            bar.advance(task, levels)
    return found


def _mend(scope: TenantScope, found: list[Discrepancy]) -> list[Discrepancy]:
    from souk.inventory.audit import mend
    from souk.kernel.db import transaction

    mended = []
    for one in found:
        # One level in one transaction: the others sell on meanwhile.
        with transaction(scope) as session:
            done = mend(session, one.level_id)
        mended += [done] if done is not None else []
    return mended


def _row(one: Discrepancy) -> dict[str, object]:
    row: dict[str, object] = asdict(one)
    for name in _COUNTERS:
        is_, expected = row[name], row[f"expected_{name}"]
        row[name] = is_ if is_ == expected else f"{is_}, should be {expected}"
    return row


def _sentence(number: int, *, mended: bool) -> str:
    if not number:
        return "Every counter is what the ledger says."
    return (
        f"{number} levels mended." if mended else f"{number} levels differ; add --mend to write what the ledger says."
    )
