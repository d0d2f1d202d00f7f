"""Webhooks: subscribe to events, rotate the secret, look at deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from plugins.apps.deliveries import list_deliveries, retry_delivery
from plugins.apps.endpoints import (
    Endpoint,
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    list_endpoints,
    read_endpoint,
    rotate_secret,
)
from plugins.apps.topics import scope_of_topic
from souk.kernel import ids
from souk.kernel.models import ApiToken
from souk.web.api.access import MissingPermission, allows
from souk.web.api.cursors import cursor_of, position
from souk.web.api.definition import admin_api
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_webhooks import (
    DeliveryPage,
    DeliveryParameters,
    DeliveryView,
    NewWebhook,
    Retried,
    WebhookChanges,
    Webhooks,
    WebhookView,
    WebhookWithSecret,
)
from souk.web.api.schemas.common import Nothing
from souk.web.api.schemas.paging import Deleted

_SAME = ("url", "status", "disabled_reason", "failing_since", "created_at")
_TAKEN = {409: "`webhook_taken`, or `too_many_webhooks`."}


@admin_api.operation(
    "GET",
    "/webhooks",
    summary="List webhooks, newest first",
    tag="webhooks",
    takes=Nothing,
    answers=Webhooks,
    access="admin",
    permission="read_webhooks",
)
def list_webhooks(call: Call, _query: Nothing) -> Webhooks:
    return Webhooks(webhooks=[WebhookView(**_values(one)) for one in list_endpoints(call.session)])


@admin_api.operation(
    "POST",
    "/webhooks",
    summary="Have events sent to an address; a topic asks for the scope that reads it",
    tag="webhooks",
    takes=NewWebhook,
    answers=WebhookWithSecret,
    status=201,
    access="admin",
    permission="write_webhooks",
    secret=True,
    problems=_TAKEN,
)
def create_webhook(call: Call, body: NewWebhook) -> WebhookWithSecret:
    _refuse_hidden(call, body.topics)
    return _with_secret(create_endpoint(call.session, call.token_id, body.url, body.topics))


@admin_api.operation(
    "GET",
    "/webhooks/{webhook_id}",
    summary="Read a webhook",
    tag="webhooks",
    takes=Nothing,
    answers=WebhookView,
    access="admin",
    permission="read_webhooks",
)
def read_webhook(call: Call, _query: Nothing) -> WebhookView:
    return WebhookView(**_values(read_endpoint(call.session, _id(call))))


@admin_api.operation(
    "PATCH",
    "/webhooks/{webhook_id}",
    summary="Change a webhook, or let it begin again",
    tag="webhooks",
    takes=WebhookChanges,
    answers=WebhookView,
    access="admin",
    permission="write_webhooks",
    problems=_TAKEN,
)
def change_webhook(call: Call, body: WebhookChanges) -> WebhookView:
    named = body.named()
    _refuse_hidden(call, named.get("topics", []))
    return WebhookView(**_values(change_endpoint(call.session, _id(call), **named)))


@admin_api.operation(
    "POST",
    "/webhooks/{webhook_id}/rotate-secret",
    summary="Sign with another secret from now on",
    tag="webhooks",
    takes=Nothing,
    answers=WebhookWithSecret,
    access="admin",
    permission="write_webhooks",
    secret=True,
    optional_body=True,
)
def rotate_webhook_secret(call: Call, _body: Nothing) -> WebhookWithSecret:
    return _with_secret(rotate_secret(call.session, _id(call)))


@admin_api.operation(
    "DELETE",
    "/webhooks/{webhook_id}",
    summary="Send nothing more to an address",
    tag="webhooks",
    takes=Nothing,
    answers=Deleted,
    access="admin",
    permission="write_webhooks",
)
def remove_webhook(call: Call, _query: Nothing) -> Deleted:
    delete_endpoint(call.session, _id(call))
    return Deleted(id=call.path["webhook_id"])


@admin_api.operation(
    "GET",
    "/webhooks/{webhook_id}/deliveries",
    summary="List what was sent in the last 30 days, newest first",
    tag="webhooks",
    takes=DeliveryParameters,
    answers=DeliveryPage,
    access="admin",
    permission="read_webhooks",
)
def list_webhook_deliveries(call: Call, query: DeliveryParameters) -> DeliveryPage:
    endpoint = read_endpoint(call.session, _id(call))
    before = position(query.after) or None
    rows = list_deliveries(call.session, endpoint.id, before=before, limit=query.limit + 1)
    shown = [_delivery(row) for row in rows[: query.limit]]
    return DeliveryPage(deliveries=shown, next_cursor=cursor_of(rows, query.limit))


@admin_api.operation(
    "POST",
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
    summary="Send a failed delivery again",
    tag="webhooks",
    takes=Nothing,
    answers=Retried,
    access="admin",
    permission="write_webhooks",
    optional_body=True,
)
def retry_webhook_delivery(call: Call, _body: Nothing) -> Retried:
    retry_delivery(call.session, _id(call), ids.decode(ids.DELIVERY, call.path["delivery_id"]))
    return Retried(id=call.path["delivery_id"])


def _refuse_hidden(call: Call, topics: Iterable[str]) -> None:
    """An app must not hear what it may not read."""
    held = call.session.execute(select(ApiToken.scopes).where(ApiToken.id == call.token_id)).scalar_one()
    for scope in sorted({scope_of_topic(topic) for topic in topics} - {""}):
        if not allows(held, scope):
            raise MissingPermission(scope)


def _id(call: Call) -> int:
    return ids.decode(ids.WEBHOOK, call.path["webhook_id"])


def _values(one: Endpoint) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in _SAME}
    return {**same, "id": ids.encode(ids.WEBHOOK, one.id), "topics": list(one.topics)}


def _with_secret(one: Endpoint) -> WebhookWithSecret:
    return WebhookWithSecret(**_values(one), secret=one.secret)


def _delivery(row: Row[Any]) -> DeliveryView:
    return DeliveryView(
        id=ids.encode(ids.DELIVERY, row.delivery_id),
        topic=row.topic,
        status=row.status,
        attempts=row.attempts,
        last_error=row.last_error,
        occurred_at=row.occurred_at,
        next_attempt_at=row.next_attempt_at,
        delivered_at=row.done_at,
    )
