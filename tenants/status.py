"""Suspend and resume a shop."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from tenants.errors import UnknownTenant
from tenants.models import Tenant


def suspend(session: Session, slug: str) -> None:
    """Close the storefront and its APIs; the data stays. A suspended shop stays suspended."""
    _set(session, slug, "suspended")


def resume(session: Session, slug: str) -> None:
    _set(session, slug, "active")


def _set(session: Session, slug: str, status: str) -> None:
    changed = session.execute(
        update(Tenant).where(Tenant.slug == slug, Tenant.status != "deleted").values(status=status)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]  # CursorResult in fact
        raise UnknownTenant(slug)
