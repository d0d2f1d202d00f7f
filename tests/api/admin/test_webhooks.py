"""Webhooks through the admin API."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from sqlalchemy import update

from plugins.apps.delivering import PREFIX, find
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import Delivery
from souk.kernel.outbox import publish
from souk.kernel.tenancy import pod_scope
from souk.worker import consumers
from souk.worker.relay import relay
from tests.api.admin.apps import App


def made(admin: App, *topics: str) -> dict[str, Any]:
    url = f"https://app.example/{secrets.token_hex(4)}"
    status, webhook = admin.post("/webhooks", {"url": url, "topics": topics or ["order.placed"]})
    assert status == 201
    return dict(webhook)


def test_a_webhook_is_made_read_changed_and_deleted(admin: App, other_admin: App) -> None:
    webhook = made(admin)
    path, secret = f"/webhooks/{webhook['id']}", webhook.pop("secret")

    assert secret.startswith("whsec_")
    assert (webhook["status"], webhook["topics"], webhook["failing_since"]) == ("active", ["order.placed"], None)
    assert admin.get(path) == (200, webhook)
    assert webhook in admin.get("/webhooks")[1]["webhooks"]
    changed = admin.patch(path, {"topics": ["product.updated", "order.paid"]})
    assert (changed[0], changed[1]["topics"]) == (200, ["order.paid", "product.updated"])
    rotated = admin.post(f"{path}/rotate-secret")
    assert rotated[0] == 200
    assert rotated[1]["secret"] not in {secret, ""}
    assert other_admin.get("/webhooks")[1] == {"webhooks": []}
    for answer in (
        other_admin.get(path), other_admin.patch(path, {"topics": ["order.paid"]}), other_admin.delete(path),
        other_admin.post(f"{path}/rotate-secret"), other_admin.get(f"{path}/deliveries"),
    ):  # fmt: skip
        assert answer[0] == 404
    assert admin.get(path) == (200, changed[1])
    assert admin.delete(path) == (200, {"id": webhook["id"], "deleted": True})
    assert admin.get(path)[0] == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://app.example/", "topics": ["order.paid"]}, "invalid_fields"),
        ({"url": "https://127.0.0.1/", "topics": ["order.paid"]}, "webhook_invalid"),
        ({"url": "https://app.example/", "topics": ["customer.password_reset_requested"]}, "webhook_invalid"),
        ({"url": "https://app.example/", "topics": []}, "invalid_fields"),
    ],
)
def test_a_bad_webhook_is_422_and_not_made(admin: App, body: dict[str, Any], code: str) -> None:
    before = admin.get("/webhooks")

    status, problem = admin.post("/webhooks", body)

    assert (status, problem["code"]) == (422, code)
    assert admin.get("/webhooks") == before


def test_an_address_is_told_once(admin: App) -> None:
    webhook = made(admin)

    status, problem = admin.post("/webhooks", {"url": webhook["url"], "topics": ["order.paid"]})

    assert (status, problem["code"]) == (409, "webhook_taken")


def test_an_app_hears_only_what_it_may_read(admin: App) -> None:
    app = App(admin.store, "write_webhooks", "read_products")
    url = "https://app.example/limited"

    status, problem = app.post("/webhooks", {"url": url, "topics": ["product.updated", "order.placed"]})
    allowed, webhook = app.post("/webhooks", {"url": url, "topics": ["product.updated"]})

    assert (status, problem["code"], problem["permission"]) == (403, "missing_permission", "read_orders")
    assert allowed == 201
    assert app.patch(f"/webhooks/{webhook['id']}", {"topics": ["customer.created"]})[0] == 403


def test_deliveries_are_listed_and_failed_ones_sent_again(
    admin: App, other_admin: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "_finders", {})
    consumers.register_finder(PREFIX, find, lambda _name: lambda _job: None)
    webhook, scope = made(admin, "review.created"), admin.store.scope
    path = f"/webhooks/{webhook['id']}/deliveries"
    with transaction(scope) as session:
        publish(session, *(Event("review.created", number) for number in (1, 2)))
    relay(scope.pod)

    first = admin.get(f"{path}?limit=1")[1]
    second = admin.get(f"{path}?limit=1&after={first['next_cursor']}")[1]
    number = int(first["deliveries"][0]["id"].partition("_")[2])
    early = admin.post(f"{path}/delivery_{number}/retry")
    with transaction(pod_scope(scope.pod)) as session:
        session.execute(update(Delivery).where(Delivery.id == number).values(status="failed", attempts=12))
    strange = other_admin.post(f"{path}/delivery_{number}/retry")
    again = admin.post(f"{path}/delivery_{number}/retry")

    assert [one["topic"] for page in (first, second) for one in page["deliveries"]] == ["review.created"] * 2
    assert second["next_cursor"] is None
    assert (early[0], strange[0]) == (404, 404)
    assert again == (200, {"id": f"delivery_{number}", "status": "pending"})
    after = admin.get(f"{path}?limit=1")[1]["deliveries"][0]
    assert (after["status"], after["attempts"]) == ("pending", 0)
