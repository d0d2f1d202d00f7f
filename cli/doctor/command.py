"""`souk doctor`: run the checks in an order in which each can lean on those before it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click
from rich.console import Console

from cli.doctor.finding import Check, Finding

COLORS = {"ok": "green", "warning": "yellow", "wrong": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, as_json: bool) -> None:
    """Say what is wrong and the command that mends it; ends with 1 when something is wrong."""
    findings: list[Finding] = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            _say(Console(soft_wrap=True, highlight=False), finding)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    if any(finding.status == "wrong" for finding in findings):
        raise SystemExit(1)


def examine() -> Iterator[Finding]:
    """Yield findings; a group that found something wrong ends the tour, since the next one builds on it."""
    for group in _groups():
        healthy = True
        for check in group:
            for finding in check():
                healthy = healthy and finding.status != "wrong"
                yield finding
        if not healthy:
            return


def _groups() -> tuple[tuple[Check, ...], ...]:
    from cli.doctor import machine, search, shops, stores, work

    return (
        (machine.check_packages, machine.check_home, machine.check_public_address),
        (stores.check_configuration,),
        (stores.check_owner,),
        (shops.check_versions,),
        (stores.check_logins, stores.check_redis),
        (
            shops.check_schemas,
            shops.check_domains,
            search.check_search,
            work.check_workers,
            work.check_outbox,
            work.check_plugins,
        ),
    )


def _say(console: Console, finding: Finding) -> None:
    color = COLORS[finding.status]
    console.print(f"[{color}]{finding.status:<8}[/]", end="")
    console.print(finding.what, markup=False)
    if finding.cure:
        console.print(f"{'':<8}{finding.cure}", markup=False, style="bold")
