"""`souk theme check`: the validator of the server, on a folder, without a shop or a network."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from themes.validation.finding import Finding

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=FOLDER, default=".")
@click.option("--json", "as_json", is_flag=True, help="For programs: a list of findings.")
@click.option("--no-warnings", is_flag=True, help="Show what keeps the theme from being published only.")
def check(folder: Path, *, as_json: bool, no_warnings: bool) -> None:
    """Check the theme in FOLDER; ends with 1 when it has errors."""
    from themes.files import read_all
    from themes.validate import check as validate
    from themes.validate import errors

    findings = validate(read_all(folder))
    if no_warnings:
        findings = errors(findings)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        show(findings)
    if errors(findings):
        raise SystemExit(1)


def show(findings: list[Finding]) -> None:
    """Print findings by file, and how many there are."""
    file = ""
    for finding in findings:
        if finding.file != file:
            file = finding.file
            click.secho(file, bold=True)
        color = "red" if finding.severity == "error" else "yellow"
        click.echo(
            f"  {finding.line:>4}  {click.style(finding.severity, fg=color)}  {finding.message}  [{finding.rule}]"
        )
    counts = Counter(finding.severity for finding in findings)
    words = ", ".join(f"{counts[kind]} {kind}{'s' if counts[kind] != 1 else ''}" for kind in ("error", "warning"))
    click.echo(f"{words}." if findings else "No findings: the theme can be published.")
