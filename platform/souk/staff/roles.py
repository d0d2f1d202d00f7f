"""What each role may do in a shop."""

from __future__ import annotations

from enum import StrEnum

from souk.staff.errors import NotPermitted, UnknownRole
from tenants.models import ROLES


class Permission(StrEnum):
    """The value completes the sentence "may not ..."."""

    FULFILL = "fulfill orders"
    STOCK = "change stock"
    ORDERS = "cancel or refund orders"
    CATALOG = "change the catalogue"
    SETTINGS = "change settings and domains"
    THEMES = "change themes"
    STAFF = "change who works in the shop"


_FULFILLMENT = frozenset({Permission.FULFILL, Permission.STOCK})
_ADMIN = _FULFILLMENT | {Permission.ORDERS, Permission.CATALOG, Permission.SETTINGS, Permission.THEMES}
_OF_ROLE: dict[str, frozenset[Permission]] = {
    "owner": _ADMIN | {Permission.STAFF},
    "admin": _ADMIN,
    "fulfillment": _FULFILLMENT,
    "viewer": frozenset(),
}


def allows(role: str, permission: Permission) -> bool:
    return permission in _OF_ROLE.get(role, frozenset())


def require(role: str, permission: Permission) -> None:
    """Raise NotPermitted unless `role` has `permission`."""
    if not allows(role, permission):
        raise NotPermitted(role, permission.value)


def check_role(role: str) -> str:
    """Return `role`; raises UnknownRole."""
    if role not in ROLES:
        raise UnknownRole(role, ROLES)
    return role
