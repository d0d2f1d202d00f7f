"""`souk outbox`: what waits, what failed, and another chance for it."""

from __future__ import annotations

import json

import click


@click.group()
def outbox() -> None:
    """Look at undelivered events and replay failed ones."""


@outbox.command()
@click.option("--pod", default="default", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(*, pod: str, as_json: bool) -> None:
    """Count events that no relay has seen and deliveries that wait or failed, for each consumer."""
    from souk.worker.backlog import backlog

    found = backlog(pod)
    if as_json:
        click.echo(json.dumps({"unrelayed": found.unrelayed, "deliveries": found.as_rows()}))
        return
    click.echo(f"{found.unrelayed} events wait for the relay.")
    for row in found.as_rows():
        click.echo(f"{row['consumer']}: {row['pending']} pending, {row['failed']} failed. {row['last_error']}")


@outbox.command()
@click.option("--pod", default="default", show_default=True)
@click.option("--consumer", help="Only this consumer's deliveries.")
def replay(*, pod: str, consumer: str | None) -> None:
    """Give failed deliveries another round of attempts."""
    from souk.worker.backlog import replay_failed

    click.echo(f"{replay_failed(pod, consumer)} deliveries wait again.")
