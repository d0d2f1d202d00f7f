"""Let the worker finish what buyers and providers left half done, shop by shop."""

from __future__ import annotations

import structlog

from souk.checkout.sweep import sweep_checkouts
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.orders.cancel import sweep_voids
from souk.orders.refund import sweep_refunds
from souk.worker.periodic import register
from tenants.queries import list_tenants

log = structlog.get_logger(__name__)
EVERY_SECONDS = 30
_SWEEPS = (sweep_checkouts, sweep_refunds, sweep_voids)


def register_sweeps() -> None:
    register("sweeps", EVERY_SECONDS, sweep_pod)


def sweep_pod(pod_name: str) -> None:
    """Sweep every shop of the pod; one shop's trouble does not keep the others waiting."""
    with transaction(control_scope(), read_only=True) as session:
        scopes = [tenant.scope for tenant in list_tenants(session) if tenant.pod == pod_name]
    for scope in scopes:
        for sweep in _SWEEPS:
            try:
                sweep(scope)
            except SoukError:
                log.exception("sweep_failed", tenant_id=scope.tenant_id, sweep=sweep.__name__)
