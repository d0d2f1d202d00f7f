"""Guests become customers, and their orders go to an account only with a proven address."""

from __future__ import annotations

import secrets
import threading

import pytest
from sqlalchemy import select, text

from souk.checkout.complete import complete_checkout
from souk.customers.email_proof import prove_email, request_email_proof
from souk.customers.errors import ProofLinkInvalid
from souk.customers.guest import Guest, recognize_guest
from souk.customers.models import Customer
from souk.customers.password_reset import request_password_reset, reset_password
from souk.customers.register import register
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, pod_scope
from souk.orders.history import claim_history, release_history
from souk.orders.models import Order
from tests.factories.catalog import make_product
from tests.factories.commerce import APPROVED, events, open_for_business, ready_checkout
from tests.fixtures.shops import make_shop

EMAIL = "ada@example.com"
PASSWORD = "long enough"


def new_shop() -> TenantScope:
    scope = make_shop(f"history-{secrets.token_hex(4)}")
    open_for_business(scope)
    return scope


@pytest.fixture
def shop(platform: None) -> TenantScope:
    """A shop in which nobody has bought yet."""
    return new_shop()


@pytest.fixture
def other_shop(platform: None) -> TenantScope:
    return new_shop()


def bought(scope: TenantScope) -> int:
    """Return the number of an order that a guest placed with EMAIL."""
    with transaction(scope) as session:
        variant_id = make_product(session, stock=5, price=1_000)[0]
    order_id = complete_checkout(scope, ready_checkout(scope, [(variant_id, 1)]), APPROVED).order_id
    assert order_id is not None
    return order_id


def owner_of(scope: TenantScope, order_id: int) -> int | None:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(Order.customer_id).where(Order.id == order_id)).scalar_one()


def mailed(scope: TenantScope, name: str) -> str:
    with transaction(pod_scope(scope.pod), read_only=True) as session:
        query = text("SELECT payload->>'token' FROM pod.outbox WHERE tenant_id = :t AND name = :n ORDER BY id DESC")
        return str(session.execute(query, {"t": scope.tenant_id, "n": name}).scalars().first())


def opened(scope: TenantScope) -> int:
    with transaction(scope) as session:
        customer_id = register(session, "Somebody", EMAIL, PASSWORD, release=release_history)
        request_email_proof(session, customer_id)
    return customer_id


def test_a_guest_becomes_one_customer_of_this_shop_only(shop: TenantScope, other_shop: TenantScope) -> None:
    first, second = bought(shop), bought(shop)

    customer_id = owner_of(shop, first)

    assert customer_id is not None
    assert owner_of(shop, second) == customer_id
    assert events(shop, customer_id, "customer.created") == ["customer.created"]
    with transaction(shop, read_only=True) as session:
        row = session.execute(select(Customer.email, Customer.name, Customer.password_hash)).one()
    assert tuple(row) == (EMAIL, "Ada Byron", None)
    with transaction(other_shop, read_only=True) as session:
        assert session.execute(select(Customer.id)).all() == []


def test_an_account_over_a_guest_sees_the_past_after_the_mail_only(shop: TenantScope) -> None:
    past = bought(shop)

    customer_id = opened(shop)
    meanwhile = bought(shop)

    assert (owner_of(shop, past), owner_of(shop, meanwhile)) == (None, None)
    with transaction(shop) as session:
        assert claim_history(session, customer_id) == 0
        prove_email(session, customer_id, mailed(shop, "customer.email_proof_requested"))
        assert claim_history(session, customer_id) == 2
    assert (owner_of(shop, past), owner_of(shop, meanwhile), owner_of(shop, bought(shop))) == (customer_id,) * 3


def test_a_password_set_by_mail_proves_the_address(shop: TenantScope) -> None:
    past = bought(shop)
    with transaction(shop) as session:
        request_password_reset(session, EMAIL)

    with transaction(shop) as session:
        customer_id = reset_password(session, mailed(shop, "customer.password_reset_requested"), PASSWORD)
        claim_history(session, customer_id)

    assert owner_of(shop, past) == customer_id


def test_the_link_proves_nothing_for_another_account_and_works_once(shop: TenantScope) -> None:
    customer_id = opened(shop)
    token = mailed(shop, "customer.email_proof_requested")
    with transaction(shop) as session:
        stranger = register(session, "Eve", "eve@example.com", PASSWORD)

        with pytest.raises(ProofLinkInvalid):
            prove_email(session, stranger, token)
        prove_email(session, customer_id, token)
        with pytest.raises(ProofLinkInvalid):
            prove_email(session, customer_id, token)


def test_a_claim_takes_nothing_of_another_customer_or_shop(shop: TenantScope, other_shop: TenantScope) -> None:
    elsewhere = bought(other_shop)
    with transaction(shop) as session:
        owner = register(session, "Grace", "grace@example.com", PASSWORD)
    theirs = bought(shop)
    with transaction(shop) as session:
        session.execute(Order.__table__.update().values(customer_id=owner))  # type: ignore[attr-defined]
        customer_id = register(session, "Ada", EMAIL, PASSWORD, release=lambda *_: None)
        prove = Customer.__table__.update().where(Customer.id == customer_id)  # type: ignore[attr-defined]
        session.execute(prove.values(email_proven_at=text("now()")))

        assert claim_history(session, customer_id) == 0

    assert owner_of(shop, theirs) == owner
    assert owner_of(other_shop, elsewhere) not in {None, customer_id}


def test_an_account_waits_for_the_guests_order_that_is_being_written(shop: TenantScope) -> None:
    past = bought(shop)
    taken: list[int] = []

    with transaction(shop) as session:
        # As at the end of a checkout: the customer is read, the order is not written yet.
        guest = recognize_guest(session, Guest(EMAIL))
        other = threading.Thread(target=lambda: taken.append(opened(shop)))
        other.start()
        other.join(0.3)
        waited = other.is_alive()
        session.execute(Order.__table__.update().values(customer_id=guest))  # type: ignore[attr-defined]
    other.join()

    assert waited
    assert taken == [guest]
    assert owner_of(shop, past) is None
