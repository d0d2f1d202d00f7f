"""The group of `souk theme`; its commands register themselves when their module is imported here."""

from __future__ import annotations

import click

from cli.theme.check import check


@click.group()
def theme() -> None:
    """Make, check and publish themes."""


theme.add_command(check)
