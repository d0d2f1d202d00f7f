"""The kernel's own tables: settings and idempotency keys per shop, outbox and deliveries per pod."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from souk.kernel.columns import CreatedAt, Key
from souk.kernel.db import PodBase, TenantBase


class Setting(TenantBase):
    """One named group of a shop's settings as JSON, so that small settings cost no table."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    updated_at: Mapped[CreatedAt]


class IdempotencyKey(TenantBase):
    """A key lives in the shop's schema so that it commits with its effect. Retention: 3 days.

    `subject` is who sent it: two customers may choose the same key.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("subject", "endpoint", "key"),
        Index("ix_idempotency_keys_created_at", "created_at"),
    )

    id: Mapped[Key]
    subject: Mapped[str]
    endpoint: Mapped[str]
    key: Mapped[str]
    request_hash: Mapped[str]
    locked_at: Mapped[datetime | None]
    status_code: Mapped[int | None]
    response_body: Mapped[bytes | None] = mapped_column(LargeBinary)
    content_type: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[CreatedAt]


class ApiToken(TenantBase):
    """A token of the admin API: only its SHA-256 is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("token_hash"),)

    id: Mapped[Key]
    name: Mapped[str]
    token_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    last_used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class Translation(TenantBase):
    """A text that the merchant wrote, in another language of the shop; `digest` is that of the source it was made of.

    `resource_id` is 0 for what has no row of its own: words of options and categories, texts of the theme.
    """

    __tablename__ = "translations"

    resource_type: Mapped[str] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    locale: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    digest: Mapped[str]
    updated_at: Mapped[CreatedAt]


class PluginState(TenantBase):
    """Which installed plugins a shop uses, with its settings for each."""

    __tablename__ = "plugin_states"

    plugin_id: Mapped[str] = mapped_column(primary_key=True)
    enabled: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    updated_at: Mapped[CreatedAt]


class OutboxEvent(PodBase):
    """An event, written in the transaction that made it true. Retention: 30 days after all deliveries ended."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unrelayed", "id", postgresql_where=text("relayed_at IS NULL")),
        Index("ix_outbox_tenant_id", "tenant_id", "id"),
    )

    id: Mapped[Key]
    tenant_id: Mapped[int]
    name: Mapped[str]
    subject_id: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    occurred_at: Mapped[CreatedAt]
    relayed_at: Mapped[datetime | None]


class Delivery(PodBase):
    """One consumer's share of an event. Pending rows are handed out again until they end."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("outbox_id", "consumer"),
        CheckConstraint("status IN ('pending', 'done', 'failed')", name="status"),
        Index("ix_deliveries_pending", "next_attempt_at", postgresql_where=text("status = 'pending'")),
    )

    id: Mapped[Key]
    outbox_id: Mapped[int] = mapped_column(ForeignKey("pod.outbox.id", ondelete="CASCADE"))
    tenant_id: Mapped[int]
    consumer: Mapped[str]
    status: Mapped[str] = mapped_column(default="pending", server_default="pending")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str] = mapped_column(default="", server_default="")
    next_attempt_at: Mapped[CreatedAt]
    done_at: Mapped[datetime | None]


class WebhookEndpoint(PodBase):
    """An address that an app wants events sent to.

    It stands in the pod, so that the relay finds the endpoints of a batch of events in one select. The secret
    is not stored: it is derived from the server's key, this row's id and `secret_version`. `token_id` is the app's
    token in the shop's schema: when that ends, nothing more is sent.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'disabled')", name="status"),
        UniqueConstraint("tenant_id", "url"),
    )

    id: Mapped[Key]
    tenant_id: Mapped[int]
    token_id: Mapped[int] = mapped_column(default=0, server_default="0")
    url: Mapped[str]
    topics: Mapped[list[str]]
    status: Mapped[str] = mapped_column(default="active", server_default="active")
    disabled_reason: Mapped[str] = mapped_column(default="", server_default="")
    secret_version: Mapped[int] = mapped_column(default=1, server_default="1")
    failing_since: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class ProviderEvent(PodBase):
    """A webhook of a payment provider, kept once by its own id; only what it is about, never its whole. Retention: 90
    days.
    """

    __tablename__ = "provider_events"
    # Per shop: one that signs messages with a secret of its own must not use up the ids of another's.
    __table_args__ = (UniqueConstraint("tenant_id", "provider", "event_id"),)

    id: Mapped[Key]
    tenant_id: Mapped[int]
    provider: Mapped[str]
    event_id: Mapped[str]
    type: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[CreatedAt]
