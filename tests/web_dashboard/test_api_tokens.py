"""Tokens for apps: shown once, limited, revoked."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from souk.kernel.db import transaction
from souk.kernel.models import ApiToken
from souk.kernel.tenancy import TenantScope
from souk.kernel.tokens import hash_token
from tests.web_dashboard.conftest import SignedIn

FORM = {"name": "Warehouse", "scopes": "read_products", "days": "30"}


def count(scope: TenantScope) -> int:
    with transaction(scope, read_only=True) as session:
        return session.execute(select(func.count(ApiToken.id))).scalar_one()


def test_a_token_is_shown_once_and_ends_when_revoked(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")

    made = owner.post("~/api-tokens", FORM)
    secret = re.search(r"<code>(souk_[\w-]+)</code>", made.text)

    assert secret is not None
    assert secret[1] not in owner.get("~/api-tokens").text
    query = select(ApiToken.id, ApiToken.scopes, ApiToken.expires_at).where(
        ApiToken.token_hash == hash_token(secret[1])
    )
    with transaction(shop, read_only=True) as session:
        row = session.execute(query).one()
    assert row.scopes == ["read_products"]
    assert row.expires_at is not None

    answers = [owner.post(f"~/api-tokens/{row.id}/revoke").status_code for _ in range(2)]

    assert answers == [303, 404]
    assert "Revoked" in owner.get("~/api-tokens").text


@pytest.mark.parametrize("change", [{"name": " "}, {"scopes": "everything"}, {"days": "31"}])
def test_a_token_that_makes_no_sense_is_not_made(
    shop: TenantScope, signed_in: SignedIn, change: dict[str, str]
) -> None:
    before = count(shop)

    answer = signed_in(shop, "owner").post("~/api-tokens", FORM | change)

    assert answer.status_code == 422
    assert count(shop) == before


def test_an_admin_and_another_shop_reach_no_token(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    signed_in(shop, "owner").post("~/api-tokens", FORM | {"name": "Only mine"})
    with transaction(shop, read_only=True) as session:
        token_id = session.execute(select(ApiToken.id).where(ApiToken.name == "Only mine")).scalar_one()
    admin, stranger = signed_in(shop, "admin"), signed_in(other_shop, "owner")

    answers = [
        admin.post("~/api-tokens", FORM).status_code,
        admin.post(f"~/api-tokens/{token_id}/revoke").status_code,
        stranger.post(f"~/api-tokens/{token_id}/revoke").status_code,
    ]

    assert answers == [403, 403, 404]
    assert "Only mine" not in stranger.get("~/api-tokens").text
    with transaction(shop, read_only=True) as session:
        assert session.execute(select(ApiToken.revoked_at).where(ApiToken.id == token_id)).scalar_one() is None
