"""Who consumes what and what is due when: the one list of the work behind the shops."""

from __future__ import annotations

from souk.inventory.notice import refresh_after_sale
from souk.inventory.release import release_expired
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.notifications import consume as mail
from souk.worker import consumers, periodic
from souk.worker.retention import forget_in_pod, forget_in_shop
from souk.worker.shops import in_every_shop

RELEASE_SECONDS = 30.0
FORGET_SECONDS = 6 * 3600.0


def register_all() -> None:
    """Fill the registries of consumers and of periodic work; repeating it changes nothing."""
    for event_name, consumer in mail.CONSUMERS.items():
        consumers.register(event_name, mail.NAME, consumer)
    consumers.register("inventory.updated", "stock", refresh_after_sale)
    _register_periodic()


def _register_periodic() -> None:
    periodic.register("reservations", RELEASE_SECONDS, in_every_shop("reservations", _release))
    periodic.register("retention", FORGET_SECONDS, forget_in_pod)
    periodic.register("shop retention", FORGET_SECONDS, in_every_shop("retention", forget_in_shop))


def _release(scope: TenantScope) -> int:
    with transaction(scope) as session:
        return release_expired(session)
