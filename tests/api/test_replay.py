"""A repeated POST takes effect once, also when its first run was cut off."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import NoReturn

import pytest
from sqlalchemy import func, select

from plugins.builtin.test_gateway.plugin import Gateway
from souk.checkout.models import Checkout
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.models import IdempotencyKey
from souk.payments.errors import ProviderUnreachable
from souk.web.api.replay import KeyedRequest, Replay
from tests.api.test_orders import order_of
from tests.fixtures.stores import PASSWORD, Store, read


def claimed(store: Store, user_id: str, key: str, body: bytes) -> Replay:
    replay = Replay(store.scope, KeyedRequest(user_id, "POST /api/v1/orders", key, body), secret=False)
    assert replay.first_answer() is None
    return replay


def test_a_key_in_flight_is_409_and_places_nothing(store: Store) -> None:
    user, body, before = store.new_user(), json.dumps(order_of(store)).encode(), store.orders()
    claimed(store, user["user_id"], "running", body)

    response = store.call("POST", "/api/v1/orders", token=user["token"], key="running", raw=body)

    assert (response.status_code, read(response)["code"]) == (409, "idempotency_key_in_flight")
    assert store.orders() == before


def test_an_interrupted_request_is_finished_and_not_begun_again(store: Store) -> None:
    user, body = store.new_user(), json.dumps(order_of(store)).encode()
    first = read(store.call("POST", "/api/v1/orders", token=user["token"], raw=body))
    with transaction(store.scope, read_only=True) as session:
        checkout = session.execute(select(Checkout.token).order_by(Checkout.id.desc()).limit(1)).scalar_one()
    claimed(store, user["user_id"], "cut-off", body).checkpoint(checkout)
    before = store.orders()

    with clock.frozen(clock.now() + timedelta(minutes=6)):
        repeated = store.call("POST", "/api/v1/orders", token=user["token"], key="cut-off", raw=body)

    assert (repeated.status_code, read(repeated)) == (201, first)
    assert store.orders() == before


def test_two_customers_may_choose_the_same_key(store: Store) -> None:
    body, before = order_of(store), store.orders()

    answers = [
        store.call("POST", "/api/v1/orders", body, token=store.new_user()["token"], key="same") for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert store.orders() == before + 2


def test_a_kept_answer_holds_no_token_that_can_be_read(store: Store) -> None:
    body = {"name": "Mary", "email": "mary@example.com", "password": PASSWORD}

    token = read(store.call("POST", "/api/v1/users/register", body, key="secret"))["token"]

    with transaction(store.scope, read_only=True) as session:
        kept = session.execute(select(IdempotencyKey.response_body).where(IdempotencyKey.key == "secret")).scalar_one()
    assert kept is not None
    assert token.encode() not in kept


def test_a_payment_nobody_knows_of_is_taken_up_again_and_not_made_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, body, before = store.new_user(), order_of(store, outcome="tok_lost_answer"), store.orders()

    def silent(_self: Gateway, _key: str) -> NoReturn:
        raise ProviderUnreachable("test_gateway")

    with monkeypatch.context() as patch:
        patch.setattr(Gateway, "status", silent)
        unknown = store.call("POST", "/api/v1/orders", body, token=user["token"], key="unknown")
    with transaction(store.scope, read_only=True) as session:
        checkouts = session.execute(select(func.count()).select_from(Checkout)).scalar_one()
    repeated = store.call("POST", "/api/v1/orders", body, token=user["token"], key="unknown")

    assert (unknown.status_code, read(unknown)["code"]) == (503, "payment_unknown")
    assert repeated.status_code == 201
    assert store.orders() == before + 1
    with transaction(store.scope, read_only=True) as session:
        assert session.execute(select(func.count()).select_from(Checkout)).scalar_one() == checkouts
