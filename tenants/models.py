"""The control schema: pods, tenants, domains, staff accounts and their memberships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import ControlBase

TENANT_STATUSES = ("active", "suspended", "deleted")
ROLES = ("owner", "admin", "fulfillment", "viewer")


class Pod(ControlBase):
    """A Postgres (with its Redis) that holds shops. The pod `default` reads its addresses from the environment."""

    __tablename__ = "pods"

    name: Mapped[str] = mapped_column(primary_key=True)
    database_url: Mapped[str] = mapped_column(default="", server_default="")
    database_admin_url: Mapped[str] = mapped_column(default="", server_default="")
    redis_url: Mapped[str] = mapped_column(default="", server_default="")
    accepts_tenants: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[CreatedAt]


class Tenant(ControlBase):
    """`slug` is the shop's name in addresses and may change; the schema `s_<id>` never does.

    `schema_version` is the migration queue: a worker claims a row whose version is behind. `ring` is the order of
    a rollout: ring 0 is the canary.
    """

    __tablename__ = "tenants"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("status IN ('active', 'suspended', 'deleted')", name="status"),
        CheckConstraint("slug ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'", name="slug"),
        Index("ix_tenants_queue", "schema_version", "ring", "id"),
    )

    id: Mapped[Key]
    slug: Mapped[str]
    name: Mapped[str]
    pod: Mapped[str] = mapped_column(ForeignKey("control.pods.name"), default="default", server_default="default")
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    schema_version: Mapped[str]
    ring: Mapped[int] = mapped_column(default=2, server_default="2")
    # A migration that met a lock waits until here before it tries this shop again.
    not_before: Mapped[datetime | None]
    migration_error: Mapped[str] = mapped_column(default="", server_default="")
    # Here and not in the shop's schema: the page cache must know a locked shop before any query to it.
    storefront_password_hash: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]


class Domain(ControlBase):
    """A host name without port, lower-case, in IDNA A-labels."""

    __tablename__ = "domains"
    __table_args__ = (
        UniqueConstraint("host"),
        Index("uq_domains_primary", "tenant_id", unique=True, postgresql_where=text("is_primary")),
        Index("ix_domains_tenant_id", "tenant_id"),
        CheckConstraint("host = lower(host)", name="host_lower"),
    )

    id: Mapped[Key]
    tenant_id: Mapped[int] = mapped_column(ForeignKey("control.tenants.id"))
    host: Mapped[str]
    is_primary: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    # TLS is issued on demand for verified hosts only.
    verified_at: Mapped[datetime | None]
    verification_token: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]


class StaffAccount(ControlBase):
    """A person who works in one or more shops."""

    __tablename__ = "staff_accounts"
    __table_args__ = (UniqueConstraint("email"), CheckConstraint("email = lower(email)", name="email_lower"))

    id: Mapped[Key]
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="", server_default="")
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class Membership(ControlBase):
    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("staff_id", "tenant_id"),
        CheckConstraint("role IN ('owner', 'admin', 'fulfillment', 'viewer')", name="role"),
        Index("ix_memberships_tenant_id", "tenant_id"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("control.staff_accounts.id"))
    tenant_id: Mapped[int] = mapped_column(ForeignKey("control.tenants.id"))
    role: Mapped[str] = mapped_column(default="owner", server_default="owner")
    created_at: Mapped[CreatedAt]


class StaffToken(ControlBase):
    """A dashboard session or a password reset: only the SHA-256 of the secret is kept."""

    __tablename__ = "staff_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("kind IN ('session', 'password_reset')", name="kind"),
        Index("ix_staff_tokens_staff_id", "staff_id"),
    )

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(ForeignKey("control.staff_accounts.id"))
    kind: Mapped[str]
    token_hash: Mapped[str]
    user_agent: Mapped[str] = mapped_column(default="", server_default="")
    ip_address: Mapped[str] = mapped_column(default="", server_default="")
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
