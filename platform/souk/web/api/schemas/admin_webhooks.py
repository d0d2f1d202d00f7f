"""Webhooks: where an app wants events sent, and what became of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from plugins.apps.topics import TOPICS
from souk.web.api.schemas.common import Shape
from souk.web.api.schemas.paging import Changes, CursorPage, CursorParameters

MOST_URL = 500
_TOPIC_SCHEMA: dict[str, Any] = {"items": {"type": "string", "enum": list(TOPICS)}}


class NewWebhook(Shape):
    """`url` begins with https:// and leads to the public internet."""

    url: str = Field(min_length=1, max_length=MOST_URL, pattern=r"^https://")
    topics: list[str] = Field(min_length=1, max_length=len(TOPICS), json_schema_extra=_TOPIC_SCHEMA)


class WebhookChanges(Changes):
    """`status` `active` lets a disabled webhook begin again."""

    url: str = Field(default="", min_length=1, max_length=MOST_URL, pattern=r"^https://")
    topics: list[str] = Field(
        default_factory=list, min_length=1, max_length=len(TOPICS), json_schema_extra=_TOPIC_SCHEMA
    )
    status: Literal["active"] = "active"


class WebhookView(Shape):
    """`failing_since` is when the first of an unbroken row of failures happened; after three days it is disabled."""

    id: str
    url: str
    topics: list[str]
    status: Literal["active", "disabled"]
    disabled_reason: str
    failing_since: datetime | None
    created_at: datetime


class WebhookWithSecret(WebhookView):
    """`secret` signs what is sent (Standard Webhooks 1.0.0)."""

    secret: str


class Webhooks(Shape):
    webhooks: list[WebhookView]


class DeliveryParameters(CursorParameters):
    pass


class DeliveryView(Shape):
    """`status`: `pending` is tried (again) at `next_attempt_at`, `done` was taken, `failed` had its last attempt."""

    id: str
    topic: str
    status: Literal["pending", "done", "failed"]
    attempts: int
    last_error: str
    occurred_at: datetime
    next_attempt_at: datetime
    delivered_at: datetime | None


class DeliveryPage(CursorPage):
    deliveries: list[DeliveryView]


class Retried(Shape):
    id: str
    status: Literal["pending"] = "pending"
