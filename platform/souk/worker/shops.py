"""Do something in every shop of a pod; one shop's fault leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy import select

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope, tenant_scope
from tenants.models import Tenant

log = structlog.get_logger(__name__)


def shops_of(pod_name: str) -> list[TenantScope]:
    """Return the scopes of all shops on a pod that are not deleted; a suspended one still ends what it began."""
    query = select(Tenant.id).where(Tenant.pod == pod_name, Tenant.status != "deleted").order_by(Tenant.id)
    with transaction(control_scope(), read_only=True) as session:
        return [tenant_scope(id_, pod_name) for id_ in session.scalars(query)]


def in_every_shop(name: str, work: Callable[[TenantScope], object]) -> Callable[[str], None]:
    """Return what `souk.worker.periodic.register` takes: `work` for each shop, which opens its own transactions."""

    def run(pod_name: str) -> None:
        for scope in shops_of(pod_name):
            try:
                work(scope)
            except Exception:  # the next shop's turn must come whatever is wrong with this one
                log.exception("shop_work_failed", work=name, tenant_id=scope.tenant_id)

    return run
