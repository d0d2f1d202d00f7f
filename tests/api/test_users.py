from __future__ import annotations

from datetime import timedelta

from souk.kernel import clock
from tests.fixtures.stores import PASSWORD, Store, read


def test_register_answers_exactly_this_shape(store: Store) -> None:
    body = {"name": "Ada", "email": "Ada@Example.com", "password": PASSWORD}

    response = store.call("POST", "/api/v1/users/register", body)

    answer = read(response)
    assert response.status_code == 201
    assert sorted(answer) == ["email", "name", "token", "user_id"]
    assert (answer["name"], answer["email"]) == ("Ada", "ada@example.com")
    assert answer["user_id"].startswith("user_")


def test_registering_twice_is_refused(store: Store) -> None:
    user = store.new_user()

    response = store.call(
        "POST", "/api/v1/users/register", {"name": "Eve", "email": user["email"], "password": PASSWORD}
    )

    assert (response.status_code, read(response)["code"]) == (409, "email_taken")
    profile = read(store.call("GET", "/api/v1/users/profile", token=user["token"]))
    assert profile["name"] == "Ada"


def test_login_gives_a_token_for_the_profile(store: Store) -> None:
    user = store.new_user()

    answer = read(store.call("POST", "/api/v1/users/login", {"email": user["email"], "password": PASSWORD}))
    profile = read(store.call("GET", "/api/v1/users/profile", token=answer["token"]))

    assert sorted(answer) == ["expires_at", "token", "user_id"]
    assert profile == {
        "user_id": user["user_id"],
        "name": "Ada",
        "email": user["email"],
        "addresses": [],
        "payment_methods": [],
    }


def test_wrong_password_is_401(store: Store) -> None:
    user = store.new_user()

    response = store.call("POST", "/api/v1/users/login", {"email": user["email"], "password": "wrong"})

    assert (response.status_code, read(response)["code"]) == (401, "wrong_credentials")
    assert response.content_type == "application/problem+json"


def test_a_revoked_token_is_401(store: Store) -> None:
    token = store.new_user()["token"]

    revoked = store.call("POST", "/api/v1/users/logout", token=token)

    assert (revoked.status_code, read(revoked)) == (200, {"revoked": True})
    assert store.call("GET", "/api/v1/users/profile", token=token).status_code == 401


def test_an_expired_token_is_401(store: Store) -> None:
    token = store.new_user()["token"]

    with clock.frozen(clock.now() + timedelta(days=31)):
        response = store.call("GET", "/api/v1/users/profile", token=token)

    assert response.status_code == 401


def test_another_shops_token_is_401(store: Store, other_store: Store) -> None:
    token = store.new_user()["token"]

    response = other_store.call("GET", "/api/v1/users/profile", token=token)

    assert (response.status_code, read(response)["code"]) == (401, "invalid_token")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_repeated_registration_with_a_key_gets_the_first_answer(store: Store) -> None:
    body = {"name": "Grace", "email": "grace@example.com", "password": PASSWORD}

    first = store.call("POST", "/api/v1/users/register", body, key="register-1")
    second = store.call("POST", "/api/v1/users/register", body, key="register-1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert read(first) == read(second)
    assert second.headers["Idempotency-Replayed"] == "true"


def test_a_key_with_another_body_is_422(store: Store) -> None:
    first = {"name": "Alan", "email": "alan@example.com", "password": PASSWORD}
    store.call("POST", "/api/v1/users/register", first, key="register-2")

    response = store.call("POST", "/api/v1/users/register", first | {"name": "Other"}, key="register-2")

    assert (response.status_code, read(response)["code"]) == (422, "idempotency_key_reused")
