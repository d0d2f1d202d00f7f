"""A key answers once, refuses another body and a second runner, and belongs to one subject of one shop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.idempotency import (
    Key,
    KeyInFlight,
    KeyReused,
    KeyTooLong,
    StoredAnswer,
    claim,
    keep,
    release,
)
from souk.kernel.tenancy import TenantScope

ANSWER = StoredAnswer(201, b'{"order_id": "order_1"}', "application/json")


def _key(name: str, body: bytes = b"{}", subject: str = "user_1") -> Key:
    return Key(subject=subject, endpoint="POST /api/v1/orders", key=name, body=body)


def test_the_first_answer_is_given_again(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        assert claim(session, _key("a")) is None
    with transaction(shop) as session:
        keep(session, _key("a"), ANSWER)

    with transaction(shop) as session:
        assert claim(session, _key("a")) == ANSWER
        assert claim(session, _key("a", subject="user_2")) is None
    with transaction(other_shop) as session:
        assert claim(session, _key("a")) is None


def test_another_body_is_refused(shop: TenantScope) -> None:
    with transaction(shop) as session:
        claim(session, _key("b"))

    with transaction(shop) as session, pytest.raises(KeyReused, match="used with another body"):
        claim(session, _key("b", body=b'{"other": 1}'))


def test_a_running_first_request_is_a_conflict_until_it_is_stale(shop: TenantScope) -> None:
    with transaction(shop) as session:
        claim(session, _key("c"))

    with transaction(shop) as session, pytest.raises(KeyInFlight, match="still running"):
        claim(session, _key("c"))
    with clock.frozen(clock.now() + timedelta(minutes=6)), transaction(shop) as session:
        assert claim(session, _key("c")) is None


def test_a_released_key_is_free(shop: TenantScope) -> None:
    with transaction(shop) as session:
        claim(session, _key("d"))
        release(session, _key("d"))

    with transaction(shop) as session:
        assert claim(session, _key("d")) is None


def test_a_key_is_printable_and_short() -> None:
    for name in ("", "x" * 256, "a\x00b", "ü"):
        with pytest.raises(KeyTooLong, match="1 to 255 printable ASCII characters"):
            _key(name)
