"""Staff accounts, their sessions, memberships and roles."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import count

import pytest

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.passwords import WeakPassword
from souk.kernel.ratelimit import RateLimited
from souk.kernel.tenancy import TenantScope, control_scope
from souk.staff.create import create_staff
from souk.staff.errors import (
    LastOwnerStays,
    NotPermitted,
    StaffEmailTaken,
    StaffResetLinkInvalid,
    UnknownMembership,
    UnknownRole,
    UnknownStaffSession,
    WrongStaffCredentials,
)
from souk.staff.memberships import add_membership, colleagues, remove_membership, shop_of, shops_of
from souk.staff.passwords import request_password_reset, reset_password, set_password
from souk.staff.queries import staff_by_email
from souk.staff.roles import Permission, allows, require
from souk.staff.sessions import end_session, list_sessions, open_session, staff_of_token
from souk.staff.sign_in import check_credentials

_numbers = count(1)


def make_staff() -> tuple[int, str]:
    email = f"staff-{next(_numbers)}@example.com"
    with transaction(control_scope()) as session:
        return create_staff(session, email, "Sam Staff", "long enough"), email


def test_a_person_signs_in_and_is_known_by_the_token(platform: None) -> None:
    staff_id, email = make_staff()
    with transaction(control_scope()) as session:
        found = check_credentials(session, email.upper(), "long enough")
        token = open_session(session, found.id, user_agent="Firefox")

        known = staff_of_token(session, token)

    assert known is not None
    assert (known[0].id, known[0].email, known[0].actor) == (staff_id, email, f"staff:{staff_id}")
    assert known[1].user_agent == "Firefox"


def test_wrong_and_unknown_are_answered_alike_and_throttled(platform: None) -> None:
    _, email = make_staff()
    for _ in range(10):
        with transaction(control_scope()) as session, pytest.raises(WrongStaffCredentials):
            check_credentials(session, email, "wrong")

    with transaction(control_scope()) as session, pytest.raises(RateLimited):
        check_credentials(session, email, "long enough")
    with transaction(control_scope()) as session, pytest.raises(WrongStaffCredentials):
        check_credentials(session, "nobody@example.com", "wrong")


def test_a_session_ends_by_time_by_its_owner_and_by_a_new_password(platform: None) -> None:
    staff_id, _ = make_staff()
    stranger, _ = make_staff()
    with transaction(control_scope()) as session:
        token = open_session(session, staff_id)
        listed = list_sessions(session, staff_id)
        with clock.frozen(clock.now() + timedelta(days=14, seconds=1)):
            assert staff_of_token(session, token) is None
        with pytest.raises(UnknownStaffSession):
            end_session(session, stranger, listed[0].id)
        assert staff_of_token(session, token) is not None

        end_session(session, staff_id, listed[0].id)
        second = open_session(session, staff_id)
        set_password(session, staff_id, "another password")

        assert staff_of_token(session, token) is None
        assert staff_of_token(session, second) is None


def test_an_address_has_one_account_and_a_password_a_length(platform: None) -> None:
    _, email = make_staff()
    with transaction(control_scope()) as session:
        with pytest.raises(StaffEmailTaken):
            create_staff(session, email, "Twin", "long enough")
        with pytest.raises(WeakPassword):
            create_staff(session, "weak@example.com", "Weak", "short")

        assert staff_by_email(session, email).name == "Sam Staff"


def test_a_person_sees_only_the_shops_of_their_memberships(shop: TenantScope, other_shop: TenantScope) -> None:
    staff_id, email = make_staff()
    stranger, _ = make_staff()
    with transaction(control_scope()) as session:
        add_membership(session, staff_id, shop.tenant_id, "admin")
        add_membership(session, stranger, other_shop.tenant_id, "owner")
        mine, theirs = shops_of(session, staff_id), shops_of(session, stranger)

        assert [(item.scope, item.role) for item in mine] == [(shop, "admin")]
        assert shop_of(session, staff_id, mine[0].slug).primary_host == f"{mine[0].slug}.souk.test"
        with pytest.raises(UnknownMembership):
            shop_of(session, staff_id, theirs[0].slug)
        assert [item.email for item in colleagues(session, shop.tenant_id)] == [email]
        with pytest.raises(UnknownRole):
            add_membership(session, staff_id, shop.tenant_id, "king")


def test_the_last_owner_can_neither_leave_nor_step_down(other_shop: TenantScope) -> None:
    first, _ = make_staff()
    second, _ = make_staff()
    tenant_id = other_shop.tenant_id
    with transaction(control_scope()) as session:
        for item in colleagues(session, tenant_id):
            add_membership(session, first, tenant_id, "owner")
            remove_membership(session, item.staff_id, tenant_id)
        add_membership(session, first, tenant_id, "owner")

        with pytest.raises(LastOwnerStays):
            remove_membership(session, first, tenant_id)
        with pytest.raises(LastOwnerStays):
            add_membership(session, first, tenant_id, "viewer")

        add_membership(session, second, tenant_id, "owner")
        remove_membership(session, first, tenant_id)
        assert [item.staff_id for item in colleagues(session, tenant_id)] == [second]


def test_two_owners_who_leave_at_once_leave_one(other_shop: TenantScope) -> None:
    pair = [make_staff()[0], make_staff()[0]]
    with transaction(control_scope()) as session:
        others = colleagues(session, other_shop.tenant_id)
        for staff_id in pair:
            add_membership(session, staff_id, other_shop.tenant_id, "owner")
        for item in others:
            remove_membership(session, item.staff_id, other_shop.tenant_id)
    barrier, refused = threading.Barrier(2), []

    def leave(staff_id: int) -> None:
        barrier.wait()
        try:
            with transaction(control_scope()) as session:
                remove_membership(session, staff_id, other_shop.tenant_id)
        except LastOwnerStays:
            refused.append(staff_id)

    threads = [threading.Thread(target=leave, args=(staff_id,)) for staff_id in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with transaction(control_scope(), read_only=True) as session:
        left = [item.staff_id for item in colleagues(session, other_shop.tenant_id)]
    assert left == refused
    assert len(left) == 1


def test_a_reset_link_works_once(platform: None) -> None:
    staff_id, email = make_staff()
    with transaction(control_scope()) as session:
        asked = request_password_reset(session, email)
        assert asked is not None

        assert reset_password(session, asked[1], "a new password") == staff_id

        assert check_credentials(session, email, "a new password").id == staff_id
        with pytest.raises(StaffResetLinkInvalid):
            reset_password(session, asked[1], "third password")
        assert request_password_reset(session, "unknown@example.com") is None


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("owner", set(Permission)),
        ("admin", set(Permission) - {Permission.STAFF}),
        ("fulfillment", {Permission.FULFILL, Permission.STOCK}),
        ("viewer", set()),
        ("unknown", set()),
    ],
)
def test_what_each_role_may_do(role: str, allowed: set[Permission]) -> None:
    assert {item for item in Permission if allows(role, item)} == allowed
    for item in set(Permission) - allowed:
        with pytest.raises(NotPermitted):
            require(role, item)
