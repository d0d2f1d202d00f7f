"""`souk worker`: two processes for each pod, one for each queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from souk.kernel.tenancy import TenantScope
    from souk.worker.consumers import Happened


@click.command()
@click.option("--pod", default="default", show_default=True, help="The pod whose outbox and queue it serves.")
@click.option(
    "--queue",
    "queue_name",
    type=click.Choice(["deliveries", "long"]),
    default="deliveries",
    show_default=True,
    help="deliveries: events, mail, search, fulfillment. long: imports, exports, pictures, new indexes.",
)
@click.option("--burst", is_flag=True, help="Do what is waiting in both queues, then end.")
def worker(*, pod: str, queue_name: str, burst: bool) -> None:
    """Relay the outbox, run deliveries and do the periodic work until stopped.

    A pod needs one process for each queue, so that no mail waits for an import.
    """
    from souk.kernel import logs
    from souk.kernel.config import config
    from souk.worker.consumers import listen
    from souk.worker.registry import register_all
    from souk.worker.run import run_worker

    logs.configure(config().log_level)
    if queue_name == "deliveries" or burst:
        from souk.shared_work import init_consumers

        init_consumers()
    register_all()
    listen("page_cache", purge_at_once)
    run_worker(pod, queue_name, burst=burst)


def purge_at_once(happened: Sequence[Happened]) -> None:
    """Forget kept pages in the relay itself: a merchant's change must not queue behind a thousand mails.

    The delivery of the same event does it again, so that a death in between leaves no old page. Stock changes
    with every sale; for it the delivery alone is enough.
    """
    from souk.web.page_cache.purge import EVENTS, keys_of, purge

    keys: dict[TenantScope, set[str]] = {}
    for each in happened:
        if each.event.name in EVENTS and each.event.name != "inventory.updated":
            keys.setdefault(each.scope, set()).update(keys_of(each.event))
    for scope, old in keys.items():
        purge(scope, old)
