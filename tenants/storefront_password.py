"""Lock a storefront behind one password, for shops that are not open yet."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from souk.kernel.passwords import hash_password
from tenants.errors import UnknownTenant
from tenants.models import Tenant


def set_storefront_password(session: Session, tenant_id: int, password: str) -> None:
    """Lock the storefront, or change its password: whoever typed the former one must type the new one.

    `session` is of the control scope. Every process knows within a second. Raises WeakPassword.
    """
    _write(session, tenant_id, hash_password(password))


def remove_storefront_password(session: Session, tenant_id: int) -> None:
    """Open the storefront to everybody; an open one stays open."""
    _write(session, tenant_id, "")


def storefront_password_hash(session: Session, tenant_id: int) -> str:
    """Return the argon2 hash, empty when the storefront is open."""
    found = session.execute(select(Tenant.storefront_password_hash).where(Tenant.id == tenant_id)).scalar()
    return found or ""


def lock_of(password_hash: str) -> str:
    """Return a name for this setting of the password, which tells nothing of it; empty when there is none."""
    return sha256(password_hash.encode()).hexdigest()[:16] if password_hash else ""


def _write(session: Session, tenant_id: int, password_hash: str) -> None:
    found = update(Tenant).where(Tenant.id == tenant_id, Tenant.status != "deleted")
    changed = session.execute(found.values(storefront_password_hash=password_hash).returning(Tenant.id)).first()
    if changed is None:
        raise UnknownTenant(str(tenant_id))
