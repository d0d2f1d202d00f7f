"""`souk tenant`, `souk domain` and `souk pod` change exactly what they name."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from cli.main import main
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting
from souk.kernel.tenancy import TenantScope, control_scope
from souk.shipping.queries import list_zones
from tenants.queries import tenant_by_id, tenant_by_slug
from tenants.storefront_password import storefront_password_hash


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def run_json(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def slug_of(scope: TenantScope) -> str:
    with transaction(control_scope()) as session:
        return tenant_by_id(session, scope.tenant_id).slug


def hosts_of(slug: str) -> list[str]:
    return [row["host"] for row in run_json("domain", "list", slug)]


def test_create_makes_a_shop_with_its_settings(platform: None) -> None:
    words = ("--name", "Lüneburg Tea", "--currency", "eur", "--country", "de", "--prices-include-tax")

    made = run_json("tenant", "create", "cli-tea", *words)

    with transaction(control_scope()) as session:
        record = tenant_by_slug(session, "cli-tea")
    with transaction(record.scope) as session:
        settings, zones = read_setting(session, "shop"), list_zones(session)
    assert [(zone.countries, zone.rates[0]["price"]) for zone in zones] == [(["DE"], 500), (["*"], 2_000)]
    assert (made["id"], made["name"], made["domains"]) == (record.id, "Lüneburg Tea", ["cli-tea.souk.test"])
    assert (settings["currency"], settings["country"], settings["prices_include_tax"]) == ("EUR", "DE", True)


def test_create_refuses_a_taken_slug_and_leaves_the_other_shop_alone(shop: TenantScope) -> None:
    before = run_json("tenant", "show", slug_of(shop))

    refused = run("tenant", "create", slug_of(shop), "--currency", "EUR")

    assert refused.exit_code == 1
    assert f"A shop called '{slug_of(shop)}' exists already" in refused.output
    assert run_json("tenant", "show", slug_of(shop)) == before


def test_create_refuses_an_unknown_currency_before_anything_is_made(platform: None) -> None:
    refused = run("tenant", "create", "cli-euro", "--currency", "EURO")

    assert refused.exit_code == 2
    assert "'EURO' is no ISO 4217 currency" in refused.output
    assert "cli-euro" not in [row["slug"] for row in run_json("tenant", "list")]


def test_suspend_and_resume_touch_only_the_shop_they_name(shop: TenantScope, other_shop: TenantScope) -> None:
    slug, other = slug_of(shop), slug_of(other_shop)

    run("tenant", "suspend", slug)
    suspended = {row["slug"]: row["status"] for row in run_json("tenant", "list")}
    run("tenant", "resume", slug)
    resumed = {row["slug"]: row["status"] for row in run_json("tenant", "list")}

    assert (suspended[slug], suspended[other]) == ("suspended", "active")
    assert (resumed[slug], resumed[other]) == ("active", "active")


def test_password_locks_and_opens_only_the_shop_it_names(shop: TenantScope, other_shop: TenantScope) -> None:
    def hashes() -> list[bool]:
        with transaction(control_scope()) as session:
            return [bool(storefront_password_hash(session, each.tenant_id)) for each in (shop, other_shop)]

    locked = CliRunner().invoke(main, ["tenant", "password", slug_of(shop)], input="open sesame\nopen sesame\n")
    after_lock = hashes()
    opened = run("tenant", "password", slug_of(shop), "--off")

    assert locked.exit_code == 0, locked.output
    assert "open sesame" not in locked.output
    assert after_lock == [True, False]
    assert opened.output == f"{slug_of(shop)} is open to everybody.\n"
    assert hashes() == [False, False]


def test_an_unknown_shop_is_an_error_with_its_cure(platform: None) -> None:
    for words in (("tenant", "suspend", "nobody"), ("tenant", "show", "nobody"), ("domain", "list", "nobody")):
        result = run(*words)

        assert result.exit_code == 1
        assert result.output == "Error: No shop is called 'nobody'; `souk tenant list` shows them all.\n"


def test_a_domain_is_added_made_primary_and_removed(shop: TenantScope, other_shop: TenantScope) -> None:
    slug, other = slug_of(shop), slug_of(other_shop)
    first = f"{slug}.souk.test"

    run("domain", "add", slug, "WWW.Tea.Example:8000")
    run("domain", "primary", slug, "www.tea.example")
    primary_first = hosts_of(slug)
    refused = run("domain", "remove", slug, "www.tea.example")
    run("domain", "primary", slug, first)
    run("domain", "remove", slug, "www.tea.example")

    assert primary_first == ["www.tea.example", first]
    assert "www.tea.example is the primary domain" in refused.output
    assert hosts_of(slug) == [first]
    assert hosts_of(other) == [f"{other}.souk.test"]


def test_a_shop_cannot_take_or_remove_another_shops_domain(shop: TenantScope, other_shop: TenantScope) -> None:
    slug, other = slug_of(shop), slug_of(other_shop)

    taken = run("domain", "add", slug, f"{other}.souk.test")
    removed = run("domain", "remove", slug, f"{other}.souk.test")

    assert (taken.exit_code, removed.exit_code) == (1, 1)
    assert "belongs to another shop" in taken.output
    assert "This shop has no domain" in removed.output
    assert hosts_of(other) == [f"{other}.souk.test"]


def test_pods_are_listed_without_their_addresses(shop: TenantScope) -> None:
    pods = {row["name"]: row for row in run_json("pod", "list")}

    assert pods["default"]["accepts_tenants"] is True
    assert pods["default"]["shops"] == len([row for row in run_json("tenant", "list") if row["pod"] == "default"])
    assert set(pods["default"]) == {"name", "shops", "accepts_tenants"}


def test_a_taken_pod_name_is_refused(platform: None) -> None:
    urls = ("--database-url", "postgresql://a@/b", "--database-admin-url", "postgresql://c@/b")

    refused = run("pod", "add", "default", *urls)

    assert refused.exit_code == 1
    assert "A pod called 'default' exists already" in refused.output
