"""Apps are told what happened: signed, once, again after a failure, and only where the public may be reached."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from plugins.apps.delivering import PREFIX, consumer, find
from plugins.apps.endpoints import Endpoint, create_endpoint, delete_endpoint, read_endpoint, rotate_secret
from plugins.apps.errors import BadEndpoint
from plugins.apps.sending import Sender
from plugins.apps.signing import signature
from plugins.apps.topics import TOPICS, data_of
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.models import ApiToken, Delivery, WebhookEndpoint
from souk.kernel.outbox import publish
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.media.fetch.address import Gate
from souk.worker import consumers
from souk.worker.deliver import ATTEMPTS, deliver
from souk.worker.relay import relay, sweep


@dataclass
class Listener:
    """An app's server; it answers `status` and keeps what it was told."""

    status: int = 200
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://app.example:{self.port}/hooks?x=1"

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _headers, body in self.told]


@pytest.fixture
def listener() -> Iterator[Listener]:
    kept = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.told.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.status)
            self.send_header("Location", f"{kept.url}&again=1")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the relay find endpoints, and the worker reach the listener as if it were on the internet."""
    open_gate = Sender(Gate(resolve=lambda *_: ["127.0.0.1"], allows=lambda _: True, any_port=True), seconds=5)
    monkeypatch.setattr(consumers, "_consumers", {})
    monkeypatch.setattr(consumers, "_finders", {})
    consumers.register_finder(PREFIX, find, lambda name: consumer(name, open_gate))


def subscribed(scope: TenantScope, listener: Listener, *topics: str) -> Endpoint:
    with transaction(scope) as session:
        token = session.execute(
            insert(ApiToken).values(name="app", token_hash=clock.now().isoformat(), scopes=["*"]).returning(ApiToken.id)
        ).scalar_one()
        made = create_endpoint(session, token, f"https://app.example/{token}", topics)
        session.execute(update(WebhookEndpoint).where(WebhookEndpoint.id == made.id).values(url=listener.url))
        return read_endpoint(session, made.id)


def happen(scope: TenantScope, *events: Event) -> list[int]:
    """Publish the events, relay them, and return the deliveries that were made."""
    with transaction(scope) as session:
        publish(session, *events)
    return relay(scope.pod)


def delivery(scope: TenantScope, delivery_id: int) -> Any:
    query = select(Delivery.status, Delivery.attempts, Delivery.last_error).where(Delivery.id == delivery_id)
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        return session.execute(query).one()


def test_an_event_is_sent_signed_and_once(shop: TenantScope, listener: Listener) -> None:
    endpoint = subscribed(shop, listener, "order.placed")
    event = Event("order.placed", 7, {"number": 1001, "total": 4948, "currency": "USD"})

    made = happen(shop, event, Event("order.paid", 7))
    for _ in range(2):
        deliver(shop.pod, made[0])

    assert (len(made), len(listener.told)) == (1, 1)
    headers, body = listener.told[0]
    said = json.loads(body)
    assert sorted(said) == ["data", "timestamp", "type"]
    assert (said["type"], said["data"]) == (
        "order.placed",
        {"id": "order_7", "number": 1001, "total": "49.48", "currency": "USD"},
    )
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(endpoint.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["host"] == f"app.example:{listener.port}"
    assert tuple(delivery(shop, made[0])) == ("done", 0, "")


def test_the_signature_is_that_of_the_standard() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'

    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_fails_is_sent_again_with_the_same_id(shop: TenantScope, listener: Listener) -> None:
    endpoint = subscribed(shop, listener, "product.updated")
    listener.status = 500
    made = happen(shop, Event("product.updated", 3))

    deliver(shop.pod, made[0])
    first = delivery(shop, made[0])
    with transaction(shop, read_only=True) as session:
        failing = read_endpoint(session, endpoint.id).failing_since
    listener.status = 204
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        again = [one for one in sweep(shop.pod) if one == made[0]]
        deliver(shop.pod, made[0])

    assert (first.status, first.attempts) == ("pending", 1)
    assert first.last_error == "NotDelivered: The endpoint answered 500."
    assert (failing is not None, again) == (True, made)
    assert delivery(shop, made[0]).status == "done"
    assert len({headers["webhook-id"] for headers, _body in listener.told}) == 1
    assert len({body for _headers, body in listener.told}) == 1
    with transaction(shop, read_only=True) as session:
        assert read_endpoint(session, endpoint.id).failing_since is None


@pytest.mark.parametrize("status", [301, 404, 503])
def test_a_redirect_is_not_followed_and_no_success(shop: TenantScope, listener: Listener, status: int) -> None:
    subscribed(shop, listener, "collection.updated")
    listener.status = status
    made = happen(shop, Event("collection.updated", 1))

    deliver(shop.pod, made[-1])

    assert delivery(shop, made[-1]).last_error == f"NotDelivered: The endpoint answered {status}."
    assert len(listener.told) == 1


def test_the_last_attempt_ends_it(shop: TenantScope, listener: Listener) -> None:
    subscribed(shop, listener, "review.created")
    listener.status = 500
    made = happen(shop, Event("review.created", 1))

    for _ in range(ATTEMPTS + 1):
        deliver(shop.pod, made[0])

    assert delivery(shop, made[0]).status == "failed"
    assert len(listener.told) == ATTEMPTS


def test_an_endpoint_that_is_gone_is_told_nothing_more(shop: TenantScope, listener: Listener) -> None:
    endpoint = subscribed(shop, listener, "customer.created")
    listener.status = 410
    made = happen(shop, Event("customer.created", 1))

    deliver(shop.pod, made[0])

    with transaction(shop, read_only=True) as session:
        after = read_endpoint(session, endpoint.id)
    assert (after.status, after.disabled_reason) == ("disabled", "The endpoint answered 410: it is gone.")
    assert delivery(shop, made[0]).status == "done"
    assert happen(shop, Event("customer.created", 2)) == []


def test_three_days_of_failures_disable_it(shop: TenantScope, listener: Listener) -> None:
    endpoint = subscribed(shop, listener, "refund.failed")
    listener.status = 500
    made = happen(shop, Event("refund.failed", 1))
    deliver(shop.pod, made[0])

    with clock.frozen(clock.now() + timedelta(days=3, minutes=1)):
        deliver(shop.pod, made[0])

    with transaction(shop, read_only=True) as session:
        assert read_endpoint(session, endpoint.id).status == "disabled"


@pytest.mark.parametrize("how", ["revoked", "deleted"])
def test_what_waits_is_not_sent_after_the_end(shop: TenantScope, listener: Listener, how: str) -> None:
    endpoint = subscribed(shop, listener, "order.canceled")
    made = happen(shop, Event("order.canceled", 1))
    with transaction(shop) as session:
        if how == "deleted":
            delete_endpoint(session, endpoint.id)
        else:
            session.execute(update(ApiToken).where(ApiToken.id == endpoint.token_id).values(revoked_at=clock.now()))

    deliver(shop.pod, made[0])

    assert listener.told == []
    assert delivery(shop, made[0]).status == "done"


def test_another_shops_events_are_not_told(shop: TenantScope, other_shop: TenantScope, listener: Listener) -> None:
    subscribed(shop, listener, "fulfillment.created")

    assert happen(other_shop, Event("fulfillment.created", 1, {"order_id": 2})) == []


def test_a_batch_asks_for_endpoints_once_and_only_for_public_topics(shop: TenantScope, listener: Listener) -> None:
    subscribed(shop, listener, "settings.updated")
    events = [Event("settings.updated", n) for n in range(3)] + [Event("import.requested", 1)]

    made = happen(shop, *events)

    assert len(made) == 3
    assert "customer.password_reset_requested" not in TOPICS


def test_only_public_machines_are_reached(shop: TenantScope, listener: Listener) -> None:
    subscribed(shop, listener, "theme.updated")
    consumers.register_finder(PREFIX, find, lambda name: consumer(name, Sender(Gate(any_port=True))))
    made = happen(shop, Event("theme.updated", 0))
    with transaction(shop) as session:
        url = f"http://127.0.0.1:{listener.port}/"
        session.execute(update(WebhookEndpoint).where(WebhookEndpoint.url == listener.url).values(url=url))

    deliver(shop.pod, made[0])

    assert listener.told == []
    assert "no server on the public internet" in delivery(shop, made[0]).last_error


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.8/", "https://localhost/",
        "https://user:secret@app.example/", "https://app.example:22/", "https://app.example/#x", "https://",
        "https://169.254.169.254/latest",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_right_is_refused(shop: TenantScope, url: str) -> None:
    with transaction(shop) as session, pytest.raises(BadEndpoint):
        create_endpoint(session, 1, url, ["order.paid"])


def test_a_rotated_secret_signs_what_comes_next(shop: TenantScope, listener: Listener) -> None:
    endpoint = subscribed(shop, listener, "order.updated")

    with transaction(shop) as session:
        rotated = rotate_secret(session, endpoint.id)

    assert rotated.secret != endpoint.secret
    assert rotated.secret.startswith("whsec_")


def test_apps_read_ids_and_amounts_as_the_apis_show_them() -> None:
    event = Event("refund.succeeded", 4, {"order_id": 9, "amount": 950, "currency": "EUR"})

    assert data_of(event) == {"id": "refund_4", "order_id": "order_9", "amount": "9.50", "currency": "EUR"}
    assert data_of(Event("products.imported", 0, {"product_ids": [1, 2]})) == {"product_ids": ["prod_1", "prod_2"]}
