"""Who works in which shop, and as what; each function takes a session of the control scope."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.kernel.tenancy import TenantScope, tenant_scope
from souk.staff.errors import LastOwnerStays, UnknownMembership
from souk.staff.roles import check_role
from tenants.models import Domain, Membership, StaffAccount, Tenant


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """A shop as one of its staff sees it."""

    tenant_id: int
    pod: str
    slug: str
    name: str
    status: str
    role: str
    primary_host: str

    @property
    def scope(self) -> TenantScope:
        return tenant_scope(self.tenant_id, self.pod)


@dataclass(frozen=True, slots=True)
class Colleague:
    staff_id: int
    email: str
    name: str
    role: str


def add_membership(session: Session, staff_id: int, tenant_id: int, role: str = "owner") -> None:
    """Let a person work in a shop, or change the role there; raises UnknownRole, LastOwnerStays."""
    if check_role(role) != "owner":
        _keep_an_owner(session, staff_id, tenant_id)
    row = insert(Membership).values(staff_id=staff_id, tenant_id=tenant_id, role=role)
    session.execute(
        row.on_conflict_do_update(
            index_elements=[Membership.staff_id, Membership.tenant_id], set_={"role": row.excluded.role}
        )
    )


def remove_membership(session: Session, staff_id: int, tenant_id: int) -> None:
    """Take a person out of a shop; raises UnknownMembership, LastOwnerStays."""
    _keep_an_owner(session, staff_id, tenant_id)
    removed = delete(Membership).where(Membership.staff_id == staff_id, Membership.tenant_id == tenant_id)
    if session.execute(removed.returning(Membership.id)).first() is None:
        raise UnknownMembership


def shops_of(session: Session, staff_id: int) -> list[ShopAccess]:
    """Return the shops a person works in, by name; deleted ones are left out."""
    rows = session.execute(_shops(staff_id).order_by(Tenant.name, Tenant.id))
    return [ShopAccess(*row) for row in rows]


def shop_of(session: Session, staff_id: int, slug: str) -> ShopAccess:
    """Return the shop `slug` as this person sees it; raises UnknownMembership."""
    row = session.execute(_shops(staff_id).where(Tenant.slug == slug)).first()
    if row is None:
        raise UnknownMembership
    return ShopAccess(*row)


def colleagues(session: Session, tenant_id: int) -> list[Colleague]:
    """Return everybody who works in a shop, by address."""
    rows = session.execute(
        select(StaffAccount.id, StaffAccount.email, StaffAccount.name, Membership.role)
        .join(Membership, Membership.staff_id == StaffAccount.id)
        .where(Membership.tenant_id == tenant_id)
        .order_by(StaffAccount.email)
    )
    return [Colleague(*row) for row in rows]


def _shops(staff_id: int) -> Select[int, str, str, str, str, str, str]:
    return (
        select(Tenant.id, Tenant.pod, Tenant.slug, Tenant.name, Tenant.status, Membership.role, Domain.host)
        .join(Membership, Membership.tenant_id == Tenant.id)
        .join(Domain, (Domain.tenant_id == Tenant.id) & Domain.is_primary)
        .where(Membership.staff_id == staff_id, Tenant.status != "deleted")
    )


def _keep_an_owner(session: Session, staff_id: int, tenant_id: int) -> None:
    # All owners' rows are locked: two owners who step down at once must not both find the other one.
    owners = session.execute(
        select(Membership.staff_id)
        .where(Membership.tenant_id == tenant_id, Membership.role == "owner")
        .order_by(Membership.id)
        .with_for_update()
    )
    if set(owners.scalars()) == {staff_id}:
        raise LastOwnerStays
