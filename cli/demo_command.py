"""`souk demo`: make the two demo shops."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def demo() -> None:
    """The demo shops."""


@demo.command()
@click.option(
    "--facts",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where the shops' addresses, tokens and the login are kept.",
)
def seed(facts: Path) -> None:
    """Make the demo shops, or what is missing of them; safe to repeat."""
    from cli.demo.seed import seed_demo

    seed_demo(facts)
