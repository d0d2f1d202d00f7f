"""Look up shops; each function takes a session of the control scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from souk.kernel.statement import Statement
from souk.kernel.tenancy import TenantScope, tenant_scope
from tenants.errors import UnknownTenant
from tenants.models import Domain, Tenant


@dataclass(frozen=True, slots=True)
class TenantRecord:
    id: int
    slug: str
    name: str
    pod: str
    status: str
    schema_version: str
    created_at: datetime
    migration_error: str

    @property
    def scope(self) -> TenantScope:
        return tenant_scope(self.id, self.pod)


_COLUMNS = (
    Tenant.id, Tenant.slug, Tenant.name, Tenant.pod, Tenant.status, Tenant.schema_version, Tenant.created_at,
    Tenant.migration_error,
)  # fmt: skip


def tenant_by_slug(session: Session, slug: str) -> TenantRecord:
    """Return a shop that is not deleted; raises UnknownTenant."""
    row = session.execute(select(*_COLUMNS).where(Tenant.slug == slug, Tenant.status != "deleted")).first()
    if row is None:
        raise UnknownTenant(slug)
    return TenantRecord(*row)


def tenant_by_id(session: Session, tenant_id: int) -> TenantRecord:
    row = session.execute(select(*_COLUMNS).where(Tenant.id == tenant_id)).first()
    if row is None:
        raise UnknownTenant(str(tenant_id))
    return TenantRecord(*row)


def list_tenants(session: Session) -> list[TenantRecord]:
    """Return every shop that is not deleted, oldest first; for operators' commands, never for a request."""
    rows = session.execute(select(*_COLUMNS).where(Tenant.status != "deleted").order_by(Tenant.id))
    return [TenantRecord(*row) for row in rows]


_DOMAINS = Statement[Any](
    select(Domain.host, Domain.is_primary, Domain.verified_at)
    .where(Domain.tenant_id == bindparam("tenant_id"))
    .order_by(Domain.is_primary.desc(), Domain.id)
)


def domains_of(session: Session, tenant_id: int) -> Sequence[Any]:
    """Return (host, is_primary, verified_at), the primary one first."""
    return _DOMAINS.all(session, tenant_id=tenant_id)
