"""Inviting colleagues and changing what they may do."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from souk.staff.memberships import colleagues
from tests.web_dashboard.conftest import BASE, SignedIn, Visitor


def roles(scope: TenantScope) -> dict[str, str]:
    with transaction(control_scope(), read_only=True) as session:
        return {person.email: person.role for person in colleagues(session, scope.tenant_id)}


def mailed_path(recipient: str) -> str:
    for file in config().mail_folder.glob("*.eml"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
        if message["To"] == recipient and body is not None:
            text = str(body.get_content()).replace("=\n", "")
            return "/reset/" + text.partition("/reset/")[2].split()[0]
    raise AssertionError(recipient)


def test_an_invited_person_sets_a_password_and_works_here(
    shop: TenantScope, signed_in: SignedIn, visitor: Visitor
) -> None:
    owner = signed_in(shop, "owner")
    form = {"email": "new-hand@example.com", "name": "New Hand", "role": "fulfillment"}

    answer = owner.post("~/staff", form)
    path = mailed_path("new-hand@example.com")
    chosen = visitor.post(path, {"password": "my own words"}, form=path)

    visitor.slug = owner.slug
    assert (answer.status_code, chosen.status_code) == (303, 303)
    assert roles(shop)["new-hand@example.com"] == "fulfillment"
    assert visitor.get("~/stock").status_code == 200
    assert visitor.client.get(path, base_url=BASE).status_code == 200


def test_only_an_owner_changes_staff(shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn) -> None:
    owner, admin, stranger = signed_in(shop, "owner"), signed_in(shop, "admin"), signed_in(other_shop, "owner")
    stranger.slug = owner.slug
    before = roles(shop)
    form = {"email": admin.email, "role": "owner"}

    answers = [person.post("~/staff", form).status_code for person in (admin, stranger)]

    assert answers == [403, 404]
    assert roles(shop) == before


def test_somebody_of_another_shop_is_not_reached(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    with transaction(control_scope(), read_only=True) as session:
        target = next(p for p in colleagues(session, other_shop.tenant_id) if p.email == stranger.email)
    before = roles(shop), roles(other_shop)

    answer = owner.post(f"~/staff/{target.staff_id}", {"role": "viewer"})

    assert answer.status_code == 404
    assert (roles(shop), roles(other_shop)) == before


def test_an_unknown_role_is_refused_and_keeps_the_form(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    before = roles(shop)

    answer = owner.post("~/staff", {"email": "king@example.com", "role": "king"})

    assert answer.status_code == 422
    assert 'value="king@example.com"' in answer.text
    assert roles(shop) == before
