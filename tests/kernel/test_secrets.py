"""Passwords, tokens, ids and rate limits."""

from __future__ import annotations

import pytest

from souk.kernel import connections, ids, passwords
from souk.kernel.config import load, secret_key_of
from souk.kernel.ids import UnknownId
from souk.kernel.passwords import WeakPassword, hash_password, password_matches
from souk.kernel.ratelimit import RateLimited, forget, limit
from souk.kernel.tokens import hash_token, new_token


def test_a_password_matches_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", passwords.ARGON2)
    stored = hash_password("correct horse")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches("correct horse", stored)
    assert not password_matches("correct horsf", stored)
    assert not password_matches("a password that nobody has", None)


@pytest.mark.parametrize("password", ["short", "x" * 257])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="8 to 256 characters"):
        hash_password(password)


def test_tokens_are_random_and_stored_as_hashes() -> None:
    first, second = new_token("souk_"), new_token("souk_")

    assert first != second
    assert first.startswith("souk_")
    assert len(hash_token(first)) == 64
    assert hash_token(first) != hash_token(second)


def test_ids_go_out_and_come_back() -> None:
    assert ids.encode(ids.ORDER, 456) == "order_456"
    assert ids.decode(ids.ORDER, "order_456") == 456


@pytest.mark.parametrize(
    "text", ["456", "prod_456", "order_", "order_0456", "order_-1", "order_9999999999999999999", "order_1\n"]
)
def test_another_shape_of_id_is_not_found(text: str) -> None:
    with pytest.raises(UnknownId, match="an id looks like order_123"):
        ids.decode(ids.ORDER, text)


def test_attempts_are_counted_by_key_and_forgotten(platform: None) -> None:
    for _ in range(3):
        limit("sign-in:a", attempts=3, seconds=60)

    with pytest.raises(RateLimited, match="try again in") as refused:
        limit("sign-in:a", attempts=3, seconds=60)
    limit("sign-in:b", attempts=3, seconds=60)
    forget("sign-in:a")
    limit("sign-in:a", attempts=3, seconds=60)

    assert 0 < refused.value.extra["retry_after"] <= 60


def test_a_shop_goes_on_selling_without_redis(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = connections.Pod("default", "", "", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(connections, "pod", lambda _name: nowhere)

    for _ in range(5):
        limit("sign-in:c", attempts=1, seconds=60)


def test_the_secret_key_is_made_once(tmp_path: object) -> None:
    config = load({"SOUK_HOME": str(tmp_path), "SOUK_PORT": "9000", "SOUK_BASE_DOMAIN": "souk.test"})

    assert config.secret_key == secret_key_of(config.home)
    assert config.origin("a.souk.test") == "http://a.souk.test:9000"
    assert (config.home / "secret_key").stat().st_mode & 0o077 == 0
