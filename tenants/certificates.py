"""Say for which host names a TLS certificate may be requested: those that lead somewhere, and no others."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.kernel.config import config
from tenants.errors import BadHost
from tenants.hosts import normalize_host
from tenants.models import Domain, Tenant


def may_have_certificate(session: Session, raw_host: str) -> bool:
    """Return whether the platform itself, a shop that is not deleted or its preview answers on the host.

    A shop's own domain counts once it is verified: a certificate authority limits requests for each
    account, which strangers must not use up. `session` is of the control scope.
    """
    try:
        host = normalize_host(raw_host)
    except BadHost:
        return False
    base = config().base_domain
    if host in {base, f"admin.{base}"}:
        return True
    slug = host.removesuffix(f".preview.{base}")
    if slug != host:
        shop = select(Tenant.id).where(Tenant.slug == slug, Tenant.status != "deleted")
        return session.execute(shop).first() is not None
    known = (
        select(Domain.id)
        .join(Tenant, Tenant.id == Domain.tenant_id)
        .where(Domain.host == host, Domain.verified_at.is_not(None), Tenant.status != "deleted")
    )
    return session.execute(known).first() is not None
