"""Add, choose and remove a shop's host names; each function takes a session of the control scope."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.tokens import new_token
from tenants.errors import DomainTaken, PrimaryDomainStays, UnknownDomain
from tenants.hosts import normalize_host
from tenants.models import Domain


def add_domain(session: Session, tenant_id: int, host: str, *, primary: bool = False, verified: bool = True) -> str:
    """Give the shop a host name and return its stored form; raises BadHost, DomainTaken."""
    name = normalize_host(host)
    values = {
        "tenant_id": tenant_id,
        "host": name,
        "verified_at": clock.now() if verified else None,
        "verification_token": new_token(),
    }
    try:
        with session.begin_nested():
            session.execute(insert(Domain).values(values))
    except IntegrityError:
        raise DomainTaken(name) from None
    if primary:
        make_primary(session, tenant_id, name)
    return name


def make_primary(session: Session, tenant_id: int, host: str) -> None:
    """Let every other domain of the shop redirect to `host`."""
    _require(session, tenant_id, host)
    session.execute(update(Domain).where(Domain.tenant_id == tenant_id, Domain.is_primary).values(is_primary=False))
    session.execute(update(Domain).where(Domain.tenant_id == tenant_id, Domain.host == host).values(is_primary=True))


def remove_domain(session: Session, tenant_id: int, host: str) -> None:
    """Take a host name from the shop; raises UnknownDomain, PrimaryDomainStays."""
    name = normalize_host(host)
    if _require(session, tenant_id, name):
        raise PrimaryDomainStays(name)
    session.execute(delete(Domain).where(Domain.tenant_id == tenant_id, Domain.host == name))


def _require(session: Session, tenant_id: int, host: str) -> bool:
    query = select(Domain.is_primary).where(Domain.tenant_id == tenant_id, Domain.host == host).with_for_update()
    is_primary = session.execute(query).scalar_one_or_none()
    if is_primary is None:
        raise UnknownDomain(host)
    return is_primary
