"""Find the shop of a host name, from a cache that forgets within a second."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope, tenant_scope
from tenants.errors import BadHost
from tenants.hosts import normalize_host
from tenants.models import Domain, Tenant
from tenants.storefront_password import lock_of

# A changed domain shows within a second, and a busy host costs one query a second and process.
CACHE_SECONDS = 1.0
CACHE_SIZE = 4_096


@dataclass(frozen=True, slots=True)
class ResolvedHost:
    host: str
    primary_host: str
    slug: str
    name: str
    status: str
    scope: TenantScope
    # Names the present storefront password; empty while the storefront is open.
    lock: str = ""

    @property
    def is_primary(self) -> bool:
        return self.host == self.primary_host


_cache: dict[str, tuple[float, ResolvedHost | None]] = {}


def resolve_host(raw_host: str) -> ResolvedHost | None:
    """Return the shop that a `Host` header names; None for an unknown, malformed or deleted one."""
    try:
        host = normalize_host(raw_host)
    except BadHost:
        return None
    now = time.monotonic()
    cached = _cache.get(host)
    if cached is not None and cached[0] > now:
        return cached[1]
    found = _look_up(host)
    if len(_cache) >= CACHE_SIZE:
        # A flood of invented hosts must not grow the process.
        _cache.clear()
    _cache[host] = (now + CACHE_SECONDS, found)
    return found


def _look_up(host: str) -> ResolvedHost | None:
    primary = aliased(Domain)
    columns = (
        Tenant.id, Tenant.pod, Tenant.slug, Tenant.name, Tenant.status, primary.host, Tenant.storefront_password_hash,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Domain, Domain.tenant_id == Tenant.id)
        .join(primary, (primary.tenant_id == Tenant.id) & primary.is_primary)
        .where(Domain.host == host, Tenant.status != "deleted")
    )
    with transaction(control_scope(), read_only=True) as session:
        row = session.execute(query).first()
    if row is None:
        return None
    return ResolvedHost(
        host=host,
        primary_host=row[5],
        slug=row[2],
        name=row[3],
        status=row[4],
        scope=tenant_scope(row[0], row[1]),
        lock=lock_of(row[6]),
    )
