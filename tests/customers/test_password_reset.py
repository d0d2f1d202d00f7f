"""Resetting a password by mail."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from souk.customers.errors import ResetLinkInvalid
from souk.customers.models import Customer, CustomerToken
from souk.customers.password_reset import request_password_reset, reset_password
from souk.customers.register import register
from souk.customers.sessions import customer_of_token, open_session
from souk.customers.sign_in import sign_in
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.passwords import WeakPassword
from souk.kernel.ratelimit import RateLimited
from souk.kernel.tenancy import TenantScope, pod_scope


def mailed_token(scope: TenantScope, customer_id: int) -> str:
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        query = text(
            "SELECT payload->>'token' FROM pod.outbox WHERE tenant_id = :tenant AND subject_id = :customer"
            " AND name = 'customer.password_reset_requested' ORDER BY id DESC LIMIT 1"
        )
        values = {"tenant": scope.tenant_id, "customer": customer_id}
        return str(session.execute(query, values).scalar_one())


def asked_for_reset(scope: TenantScope, email: str) -> tuple[int, str]:
    with transaction(scope) as session:
        customer_id = register(session, "Reset", email, "old password")
        request_password_reset(session, email)
    return customer_id, mailed_token(scope, customer_id)


def test_the_link_sets_the_password_once_and_ends_every_session(shop: TenantScope) -> None:
    customer_id, token = asked_for_reset(shop, "once@example.com")
    with transaction(shop) as session:
        open_token = open_session(session, customer_id, "session").token

        assert reset_password(session, token, "new password") == customer_id

        assert customer_of_token(session, open_token, "session") is None
        assert sign_in(session, "once@example.com", "new password", "session").customer_id == customer_id
        with pytest.raises(ResetLinkInvalid):
            reset_password(session, token, "third password")


def test_the_link_ends_after_an_hour(shop: TenantScope) -> None:
    customer_id, token = asked_for_reset(shop, "late@example.com")
    with transaction(shop) as session:
        before = session.execute(select(Customer.password_hash).where(Customer.id == customer_id)).scalar_one()

        with clock.frozen(clock.now() + timedelta(hours=1, seconds=1)), pytest.raises(ResetLinkInvalid):
            reset_password(session, token, "new password")

        after = session.execute(select(Customer.password_hash).where(Customer.id == customer_id)).scalar_one()
        assert after == before


def test_a_weak_password_leaves_the_link_usable(shop: TenantScope) -> None:
    customer_id, token = asked_for_reset(shop, "weak@example.com")
    with transaction(shop) as session:
        with pytest.raises(WeakPassword):
            reset_password(session, token, "short")

        assert reset_password(session, token, "long enough") == customer_id


def test_the_link_of_one_shop_is_nothing_in_another(shop: TenantScope, other_shop: TenantScope) -> None:
    _, token = asked_for_reset(shop, "elsewhere@example.com")

    with transaction(other_shop) as session, pytest.raises(ResetLinkInvalid):
        reset_password(session, token, "new password")


def test_a_session_token_resets_nothing(shop: TenantScope) -> None:
    with transaction(shop) as session:
        customer_id = register(session, "Mixed", "mixed@example.com", "old password")
        token = open_session(session, customer_id, "session").token

        with pytest.raises(ResetLinkInvalid):
            reset_password(session, token, "new password")


def test_an_unknown_address_is_answered_the_same_and_gets_nothing(shop: TenantScope) -> None:
    with transaction(shop) as session:
        before = session.execute(select(func.count(CustomerToken.id))).scalar_one()

        request_password_reset(session, "nobody@example.com")

        assert session.execute(select(func.count(CustomerToken.id))).scalar_one() == before


def test_the_sixth_request_in_an_hour_is_refused(shop: TenantScope) -> None:
    with transaction(shop) as session:
        for _ in range(5):
            request_password_reset(session, "often@example.com")

        with pytest.raises(RateLimited):
            request_password_reset(session, "often@example.com")


def test_a_link_used_by_two_at_once_works_for_one(shop: TenantScope) -> None:
    _, token = asked_for_reset(shop, "race@example.com")
    barrier, outcomes = threading.Barrier(2), []

    def use(password: str) -> None:
        barrier.wait()
        try:
            with transaction(shop) as session:
                reset_password(session, token, password)
            outcomes.append(password)
        except ResetLinkInvalid:
            outcomes.append("refused")

    threads = [threading.Thread(target=use, args=(f"password {number}",)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes.count("refused") == 1
    (winner,) = set(outcomes) - {"refused"}
    with transaction(shop) as session:
        assert sign_in(session, "race@example.com", winner, "session").token
