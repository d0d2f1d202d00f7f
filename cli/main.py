"""The `souk` command: groups are imported when they are called, so that `souk --help` is instant."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click


class Entry(NamedTuple):
    """Where a command lives, and its line in the help, which is shown without importing it."""

    module: str
    attribute: str
    help: str


COMMANDS = {
    "demo": Entry("cli.demo_command", "demo", "The demo shops."),
    "outbox": Entry("cli.outbox", "outbox", "Look at undelivered events and replay failed ones."),
    "up": Entry("cli.up.command", "up", "Run services, web and worker in the foreground."),
    "worker": Entry("cli.worker", "worker", "Relay events and run their jobs."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(entry.module), entry.attribute)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup)
@click.version_option(package_name="souk")
def main() -> None:
    """Run and operate a Souk platform."""


if __name__ == "__main__":
    main(prog_name="souk")
