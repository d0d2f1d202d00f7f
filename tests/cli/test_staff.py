"""`souk staff` makes accounts, lets them into the shops named and nowhere else, and resets passwords."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result
from sqlalchemy import select

from cli.main import main
from souk.kernel.db import transaction
from souk.kernel.passwords import password_matches
from souk.kernel.tenancy import TenantScope, control_scope
from tenants.models import StaffAccount
from tenants.queries import tenant_by_id


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["staff", *words])


def slug_of(scope: TenantScope) -> str:
    with transaction(control_scope()) as session:
        return tenant_by_id(session, scope.tenant_id).slug


def people(scope: TenantScope) -> list[tuple[str, str]]:
    rows = json.loads(run("list", slug_of(scope), "--json").stdout)
    return [(row["email"], row["role"]) for row in rows]


def stored_hash(email: str) -> str | None:
    with transaction(control_scope(), read_only=True) as session:
        return session.scalar(select(StaffAccount.password_hash).where(StaffAccount.email == email))


def test_an_account_works_in_the_shop_named_and_in_no_other(shop: TenantScope, other_shop: TenantScope) -> None:
    made = run("create", "Ada@Example.com", "--shop", slug_of(shop), "--role", "admin", "--json")

    facts = json.loads(made.stdout)
    assert people(shop) == [("ada@example.com", "admin")]
    assert people(other_shop) == []
    assert password_matches(facts["password"], stored_hash("ada@example.com"))


def test_a_given_password_is_not_shown(platform: None) -> None:
    made = run("create", "eva@example.com", "--password", "correct horse")

    assert made.exit_code == 0
    assert "correct horse" not in made.output
    assert password_matches("correct horse", stored_hash("eva@example.com"))


def test_an_unknown_shop_leaves_no_account_behind(platform: None) -> None:
    refused = run("create", "bob@example.com", "--shop", "nobody")

    assert refused.exit_code == 1
    assert "No shop is called 'nobody'" in refused.output
    assert stored_hash("bob@example.com") is None


def test_reset_replaces_the_password_of_this_account_only(platform: None) -> None:
    run("create", "cleo@example.com", "--password", "first password")
    run("create", "dan@example.com", "--password", "dans password")

    reset = json.loads(run("reset-password", "cleo@example.com", "--json").stdout)

    assert password_matches(reset["password"], stored_hash("cleo@example.com"))
    assert not password_matches("first password", stored_hash("cleo@example.com"))
    assert password_matches("dans password", stored_hash("dan@example.com"))


def test_an_account_is_added_to_a_second_shop(shop: TenantScope, other_shop: TenantScope) -> None:
    run("create", "finn@example.com", "--shop", slug_of(shop))

    added = run("add", "finn@example.com", slug_of(other_shop), "--role", "viewer")

    assert added.exit_code == 0, added.output
    assert ("finn@example.com", "viewer") in people(other_shop)
    assert ("finn@example.com", "owner") in people(shop)
