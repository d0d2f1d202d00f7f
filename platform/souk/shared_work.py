"""What happens after an event whichever process relays it: the second composition root, without the web."""

from __future__ import annotations

import migrations.metadata  # noqa: F401 - foreign keys between domains need every model
from plugins import loader
from souk.web.page_cache import purge
from souk.worker.consumers import register


def init_consumers() -> None:
    """Connect what the web and the worker share; the worker's own work stands in `souk.worker.registry`."""
    loader.plugins()
    for name in purge.EVENTS:
        register(name, purge.CONSUMER, purge.consume)
