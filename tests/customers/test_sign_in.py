"""Registering, signing in and the tokens that come of it, with a second shop that must see nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from souk.customers.errors import EmailTaken, UnknownSession, WrongCredentials
from souk.customers.guest import Guest, recognize_guest
from souk.customers.models import Customer, CustomerToken
from souk.customers.profile import change_password
from souk.customers.register import register
from souk.customers.sessions import (
    customer_of_token,
    end_session,
    list_sessions,
    open_session,
    revoke,
)
from souk.customers.sign_in import sign_in
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.email_address import BadEmail
from souk.kernel.passwords import WeakPassword
from souk.kernel.ratelimit import RateLimited
from souk.kernel.tenancy import TenantScope
from tests.factories.customers import make_guest


def test_a_registered_customer_signs_in_and_is_known_by_the_token(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "  Ada   Lovelace ", "Ada@Example.com", "analytical engine")

        signed_in = sign_in(session, "ada@example.com", "analytical engine", "api")
        found = customer_of_token(session, signed_in.token, "api")

    assert signed_in.customer_id == customer_id
    assert found is not None
    assert (found.id, found.name, found.email) == (customer_id, "Ada Lovelace", "ada@example.com")


def test_only_the_hash_of_a_token_is_stored(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "Hash", "hash@example.com", "long enough")
        signed_in = open_session(session, customer_id, "session")

        kept = session.execute(
            select(CustomerToken.token_hash).where(CustomerToken.customer_id == customer_id)
        ).scalar_one()

    assert signed_in.token not in kept
    assert len(kept) == 64


def test_registering_tells_the_consumers_once(shop: TenantScope) -> None:
    query = text("SELECT count(*) FROM pod.outbox WHERE tenant_id = :id AND name = 'customer.created'")
    with transaction(shop) as session:
        customer_id = register(session, "Event", "event@example.com", "long enough")

        again = recognize_guest(session, Guest("event@example.com"))

    from souk.kernel.tenancy import pod_scope

    with transaction(pod_scope("default"), read_only=True) as session:
        told = session.execute(
            text(str(query) + " AND subject_id = :subject"), {"id": shop.tenant_id, "subject": customer_id}
        ).scalar_one()
    # The address is not proven: the guest's order does not become the account's.
    assert again is None
    assert told == 1


def test_a_token_of_one_shop_is_nothing_in_another(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "Two", "two@example.com", "long enough")
        token = open_session(session, customer_id, "api").token

    with transaction(other_shop) as session:
        found = customer_of_token(session, token, "api")
        known = session.execute(select(func.count(Customer.id))).scalar_one()
        with pytest.raises(WrongCredentials):
            sign_in(session, "two@example.com", "long enough", "api")

    assert found is None
    assert known == 0


@pytest.mark.parametrize("kinds", [("session", "api"), ("api", "session")])
def test_a_token_is_good_for_its_own_kind_only(shop: TenantScope, kinds: tuple[str, str]) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "kinds@example.com")
        token = open_session(session, customer_id, kinds[0]).token  # type: ignore[arg-type]

        assert customer_of_token(session, token, kinds[1]) is None  # type: ignore[arg-type]
        assert customer_of_token(session, token, kinds[0]) is not None  # type: ignore[arg-type]


def test_a_token_ends_after_thirty_days(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "old@example.com")
        token = open_session(session, customer_id, "session").token

        with clock.frozen(clock.now() + timedelta(days=29, hours=23)):
            assert customer_of_token(session, token, "session") is not None
        with clock.frozen(clock.now() + timedelta(days=30, seconds=1)):
            assert customer_of_token(session, token, "session") is None


def test_a_revoked_token_is_refused(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = make_guest(session, "revoked@example.com")
        token = open_session(session, customer_id, "session").token
        other = open_session(session, customer_id, "session").token

        revoke(session, token)

        assert customer_of_token(session, token, "session") is None
        assert customer_of_token(session, other, "session") is not None


def test_sessions_are_listed_and_ended_by_their_owner_only(shop: TenantScope) -> None:
    with transaction(shop) as session:
        owner = make_guest(session, "owner@example.com")
        stranger = make_guest(session, "stranger@example.com")
        open_session(session, owner, "session", user_agent="Firefox", ip_address="192.0.2.1")
        listed = list_sessions(session, owner)

        with pytest.raises(UnknownSession):
            end_session(session, stranger, listed[0].id)
        assert len(list_sessions(session, owner)) == 1
        end_session(session, owner, listed[0].id)

        assert [(item.user_agent, item.ip_address) for item in listed] == [("Firefox", "192.0.2.1")]
        assert list_sessions(session, owner) == []


@pytest.mark.parametrize(
    ("name", "email", "password", "error"),
    [
        ("Ada", "not an address", "long enough", BadEmail),
        ("Ada", "bad@example.com", "short", WeakPassword),
        ("Ada", "a\0b@example.com", "long enough", BadEmail),
    ],
)
def test_bad_values_open_no_account(
    shop: TenantScope, name: str, email: str, password: str, error: type[Exception]
) -> None:
    with transaction(shop) as session:
        before = session.execute(select(func.count(Customer.id))).scalar_one()

        with pytest.raises(error):
            register(session, name, email, password)

        assert session.execute(select(func.count(Customer.id))).scalar_one() == before


def test_a_known_address_cannot_register_again_not_even_a_guests(shop: TenantScope) -> None:
    with transaction(shop) as session:
        guest = make_guest(session, "guest@example.com", name="Guest")

        with pytest.raises(EmailTaken):
            register(session, "Thief", "GUEST@example.com", "long enough")

        row = session.execute(select(Customer.name, Customer.password_hash).where(Customer.id == guest)).one()
        assert tuple(row) == ("Guest", None)


def test_a_guest_without_password_cannot_sign_in(shop: TenantScope) -> None:
    with transaction(shop) as session:
        make_guest(session, "nopassword@example.com")

        with pytest.raises(WrongCredentials):
            sign_in(session, "nopassword@example.com", "", "session")


def test_the_eleventh_attempt_is_refused_in_this_shop_only(shop: TenantScope, other_shop: TenantScope) -> None:
    email = "throttled@example.com"
    for _ in range(10):
        with pytest.raises(WrongCredentials), transaction(shop) as session:
            sign_in(session, email, "wrong password", "session")

    with pytest.raises(RateLimited), transaction(shop) as session:
        sign_in(session, email, "wrong password", "session")
    with pytest.raises(WrongCredentials), transaction(other_shop) as session:
        sign_in(session, email, "wrong password", "session")


def test_a_changed_password_ends_the_other_sessions(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "Change", "change@example.com", "first password")
        kept = open_session(session, customer_id, "session").token
        ended = open_session(session, customer_id, "api").token

        with pytest.raises(WrongCredentials):
            change_password(session, customer_id, "wrong", "second password", keep_token=kept)
        assert customer_of_token(session, ended, "api") is not None
        change_password(session, customer_id, "first password", "second password", keep_token=kept)

        assert customer_of_token(session, kept, "session") is not None
        assert customer_of_token(session, ended, "api") is None
        assert sign_in(session, "change@example.com", "second password", "api").customer_id == customer_id
