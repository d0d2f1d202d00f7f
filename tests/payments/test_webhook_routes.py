"""Messages of providers come in at the shop's address: genuine ones once, all others not at all."""

from __future__ import annotations

from flask import Flask
from werkzeug.test import TestResponse

from plugins.builtin.test_gateway.messages import write_message
from plugins.builtin.test_gateway.plugin import Gateway
from souk.kernel.connections import admin_connection
from tests.fixtures.stores import Store


def send(
    store: Store, headers: dict[str, str], body: bytes, *, to: str = "", provider: str = "test_gateway"
) -> TestResponse:
    base = f"http://{to or store.host}"
    return store.client().post(f"/webhooks/{provider}", data=body, headers=headers, base_url=base)


def kept(store: Store) -> list[str]:
    with admin_connection("default") as admin:
        rows = admin.execute(
            "SELECT event_id FROM pod.provider_events WHERE tenant_id = %s ORDER BY id", (store.scope.tenant_id,)
        )
        return [event_id for (event_id,) in rows]


def published(store: Store) -> int:
    with admin_connection("default") as admin:
        row = admin.execute(
            "SELECT count(*) FROM pod.outbox WHERE tenant_id = %s AND name = 'payment.notified'",
            (store.scope.tenant_id,),
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_message_is_kept_once_and_worked_on_once(store: Store, other_store: Store) -> None:
    secret = Gateway.ledger().webhook_secret()
    message = write_message(secret, "evt_1", "charge.captured", "souk-1-1-a")

    answers = [send(store, *message).status_code for _ in range(3)]

    assert answers == [200] * 3
    assert (kept(store), published(store)) == (["evt_1"], 1)
    assert (kept(other_store), published(other_store)) == ([], 0)
    # The same id in another shop is another message: no shop uses up the ids of another's.
    assert send(other_store, *message).status_code == 200
    assert kept(other_store) == ["evt_1"]


def test_what_is_forged_unknown_or_not_asked_for_leaves_nothing(store: Store, app: Flask) -> None:
    headers, body = write_message("wrong secret", "evt_forged", "charge.captured", "souk-1-1-a")
    before = kept(store), published(store)

    assert send(store, headers, body).status_code == 400
    assert send(store, {}, body).status_code == 400
    assert send(store, headers, body, provider="nobody").status_code == 404
    assert send(store, headers, body, provider="manual_payment").status_code == 404
    assert send(store, headers, body, to="admin.souk.test").status_code in {302, 404}
    unknown = write_message(Gateway.ledger().webhook_secret(), "evt_2", "weather.changed", "souk-1-1-a")
    assert send(store, *unknown).status_code == 200

    assert (kept(store), published(store)) == ([*before[0], "evt_2"], before[1])


def test_a_message_to_the_platform_that_names_no_shop_is_dropped(store: Store) -> None:
    before = kept(store)
    message = write_message(Gateway.ledger().webhook_secret(), "evt_3", "charge.captured", "souk-1-1-a")

    assert send(store, *message, to="souk.test").status_code == 200
    assert kept(store) == before
