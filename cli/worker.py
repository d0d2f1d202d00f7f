"""`souk worker`: one process for each pod."""

from __future__ import annotations

import click


@click.command()
@click.option("--pod", default="default", show_default=True, help="The pod whose outbox and queue it serves.")
@click.option("--burst", is_flag=True, help="Do what is waiting, then end.")
def worker(*, pod: str, burst: bool) -> None:
    """Relay the outbox, run deliveries and do the periodic work until stopped."""
    from souk.kernel import logs
    from souk.kernel.config import config
    from souk.worker.registry import register_all
    from souk.worker.run import run_worker

    logs.configure(config().log_level)
    register_all()
    run_worker(pod, burst=burst)
