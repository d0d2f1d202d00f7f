"""The scope of a transaction: which pod, which role, which schema.

A scope is a value that is handed on, never a global: what has no scope cannot
reach the database. Names are built from a number here and checked again, so
that nothing from a request can become an identifier in SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTROL_ROLE = "souk_control"
DEFAULT_POD = "default"
_SCHEMA = re.compile(r"s_[1-9][0-9]{0,11}")
_POD = re.compile(r"[a-z][a-z0-9_-]{0,30}")


@dataclass(frozen=True, slots=True)
class Scope:
    """`tenant_id` is 0 for the platform's own tables."""

    pod: str
    role: str
    search_path: str
    tenant_id: int

    def __post_init__(self) -> None:
        if not _POD.fullmatch(self.pod):
            raise ValueError(f"{self.pod!r} is no pod name; use lower-case letters, digits, - and _.")


@dataclass(frozen=True, slots=True)
class TenantScope(Scope):
    """One shop's schema under its own role."""

    @property
    def schema(self) -> str:
        return self.search_path


def tenant_scope(tenant_id: int, pod: str = DEFAULT_POD) -> TenantScope:
    """Return the scope of one shop: schema `s_<id>` under role `r_<id>` on `pod`."""
    schema = f"s_{int(tenant_id)}"
    if not _SCHEMA.fullmatch(schema):
        raise ValueError(f"{tenant_id!r} is no tenant id; take it from control.tenants.")
    return TenantScope(pod=pod, role=f"r_{int(tenant_id)}", search_path=schema, tenant_id=int(tenant_id))


def control_scope() -> Scope:
    """Return the scope of the platform's own records: tenants, domains, staff."""
    return Scope(pod=DEFAULT_POD, role=CONTROL_ROLE, search_path="control", tenant_id=0)


def pod_scope(pod: str) -> Scope:
    """Return the scope of one pod's shared tables: outbox, deliveries, provider events."""
    return Scope(pod=pod, role=CONTROL_ROLE, search_path="pod", tenant_id=0)
