"""The group of `souk theme`; its commands register themselves when their module is imported here."""

from __future__ import annotations

import click

from cli.theme.add import add
from cli.theme.check import check
from cli.theme.dev import dev
from cli.theme.history import history, rollback
from cli.theme.init import init
from cli.theme.package import package
from cli.theme.profile import profile
from cli.theme.shops import list_, publish, pull, push


@click.group()
def theme() -> None:
    """Make, check and publish themes."""


for command in (add, check, dev, history, init, list_, package, profile, publish, pull, push, rollback):
    theme.add_command(command)
