"""The `souk` command: groups are imported when they are called, so that `souk --help` is instant."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

import click

from cli.edge import attach, check_environment, explain


class Entry(NamedTuple):
    """Where a command lives, and its line in the help, which is shown without importing it."""

    module: str
    attribute: str
    help: str
    # `souk up` brings the stores; all others need those of a running platform, or configured ones.
    needs_stores: bool = True


COMMANDS = {
    "books": Entry("cli.books", "books_group", "Check that the books of a shop balance."),
    "demo": Entry("cli.demo_command", "demo", "The demo shops."),
    "doctor": Entry("cli.doctor.command", "doctor", "What is wrong, and the command that mends it."),
    "domain": Entry("cli.domain", "domain", "The host names of a shop."),
    "export": Entry("cli.export_command", "export_group", "Write data of a shop into files."),
    "import": Entry("cli.import_command", "import_group", "Bring data from other platforms into a shop."),
    "media": Entry("cli.media", "media", "The stored files of a shop."),
    "migrate": Entry("cli.migrate", "migrate", "Bring the platform and every shop to the newest schema."),
    "outbox": Entry("cli.outbox", "outbox", "Look at undelivered events and replay failed ones."),
    "pod": Entry("cli.pod", "pod", "The databases that hold the shops."),
    "prices": Entry("cli.prices", "prices", "The price lists and currencies of a shop."),
    "reindex": Entry("cli.reindex", "reindex", "Build the search index of one shop or of all anew."),
    "search": Entry("cli.search", "search", "Measure search, run its tests, compare index and shop."),
    "staff": Entry("cli.staff", "staff", "The people who sign in to the dashboard."),
    "stock": Entry("cli.stock", "stock", "Compare a shop's stock with its ledger."),
    "tenant": Entry("cli.tenant", "tenant", "Make, list, suspend and resume shops."),
    "theme": Entry("cli.theme.command", "theme", "Make, check and publish themes.", needs_stores=False),
    "up": Entry("cli.up.command", "up", "Run services, web and worker in the foreground.", needs_stores=False),
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

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an error that we know is one sentence, every other one shows its traceback."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = explain(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in sorted(COMMANDS)])


@click.group(cls=LazyGroup)
@click.version_option(package_name="souk")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run and operate a Souk platform."""
    check_environment()
    entry = COMMANDS.get(ctx.invoked_subcommand or "")
    if entry is not None and entry.needs_stores:
        attach()
        # Before anything logs: the library's own default prints every local variable of a traceback.
        import_module("souk.kernel.logs").configure()


if __name__ == "__main__":
    main(prog_name="souk")
