"""Find the shop of a host name, from a cache that forgets within a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from souk.kernel.db import transaction
from souk.kernel.statement import Statement
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
    return _cached(host, lambda: _look_up(host, _BY_HOST, host))


def resolve_slug(slug: str, host: str) -> ResolvedHost | None:
    """Return the shop of a host that no domain names and that holds the shop's slug; None for an unknown one."""
    return _cached(host, lambda: _look_up(host, _BY_SLUG, slug))


def _cached(host: str, look_up: Callable[[], ResolvedHost | None]) -> ResolvedHost | None:
    now = time.monotonic()
    cached = _cache.get(host)
    if cached is not None and cached[0] > now:
        return cached[1]
    found = look_up()
    if len(_cache) >= CACHE_SIZE:
        # A flood of invented hosts must not grow the process.
        _cache.clear()
    _cache[host] = (now + CACHE_SECONDS, found)
    return found


def _statement(column: InstrumentedAttribute[str]) -> Statement[Any]:
    primary = aliased(Domain)
    columns = (
        Tenant.id, Tenant.pod, Tenant.slug, Tenant.name, Tenant.status, primary.host, Tenant.storefront_password_hash,
    )  # fmt: skip
    return Statement(
        select(*columns)
        .join(Domain, Domain.tenant_id == Tenant.id)
        .join(primary, (primary.tenant_id == Tenant.id) & primary.is_primary)
        .where(column == bindparam("name"), Tenant.status != "deleted")
        .limit(1)
    )


_BY_HOST, _BY_SLUG = _statement(Domain.host), _statement(Tenant.slug)


def _look_up(host: str, by: Statement[Any], name: str) -> ResolvedHost | None:
    with transaction(control_scope(), read_only=True) as session:
        row = by.first(session, name=name)
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
