"""Hosts find their shop and no other; a change shows within the cache's second."""

from __future__ import annotations

import pytest

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from tenants import resolve
from tenants.domains import add_domain, make_primary, remove_domain
from tenants.errors import BadHost, BadSlug, DomainTaken, PrimaryDomainStays, SlugTaken, UnknownDomain
from tenants.hosts import normalize_host
from tenants.provision import provision
from tenants.queries import domains_of, list_tenants, tenant_by_id
from tenants.resolve import resolve_host
from tenants.status import resume, suspend


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "CACHE_SECONDS", 0.0)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Shop.Example.COM:8000", "shop.example.com"),
        ("shop.example.com.", "shop.example.com"),
        ("müsli.de", "xn--msli-0ra.de"),
    ],
)
def test_hosts_have_one_form(text: str, host: str) -> None:
    assert normalize_host(text) == host


@pytest.mark.parametrize(
    "text", ["", "a b.de", "a..de", "a@b.de", "[::1]", "-a.de", "a" * 64 + ".de", "a.de:80:90", "%2e"]
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(BadHost, match="is no domain name"):
        normalize_host(text)
    assert resolve_host(text) is None


def test_a_shop_answers_on_its_domains_and_on_no_others(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(control_scope()) as session:
        slug = tenant_by_id(session, shop.tenant_id).slug
        host = add_domain(session, shop.tenant_id, f"WWW.{slug}.example")

    found = resolve_host(host)

    assert found is not None
    assert found.scope == shop
    assert found.primary_host == f"{slug}.souk.test"
    assert not found.is_primary
    assert resolve_host(f"{slug}.example") is None
    with transaction(control_scope()) as session, pytest.raises(DomainTaken, match="belongs to another shop"):
        add_domain(session, other_shop.tenant_id, host)
    with transaction(control_scope()) as session:
        assert [row.host for row in domains_of(session, other_shop.tenant_id) if slug in row.host] == []


def test_the_primary_domain_moves_and_stays(platform: None) -> None:
    scope = provision("moves-house", "Moves house")
    with transaction(control_scope()) as session:
        add_domain(session, scope.tenant_id, "moves-house.example", primary=True)

    with (
        transaction(control_scope()) as session,
        pytest.raises(PrimaryDomainStays, match="make another one primary"),
    ):
        remove_domain(session, scope.tenant_id, "moves-house.example")
    with transaction(control_scope()) as session:
        make_primary(session, scope.tenant_id, "moves-house.souk.test")
        remove_domain(session, scope.tenant_id, "moves-house.example")
    with transaction(control_scope()) as session, pytest.raises(UnknownDomain, match="has no domain"):
        remove_domain(session, scope.tenant_id, "moves-house.example")

    assert resolve_host("moves-house.example") is None


def test_a_shop_is_suspended_and_resumed(platform: None) -> None:
    provision("takes-a-break", "Takes a break")
    with transaction(control_scope()) as session:
        suspend(session, "takes-a-break")
    suspended = resolve_host("takes-a-break.souk.test")
    with transaction(control_scope()) as session:
        resume(session, "takes-a-break")
    resumed = resolve_host("takes-a-break.souk.test")

    assert suspended is not None
    assert suspended.status == "suspended"
    assert resumed is not None
    assert resumed.status == "active"


def test_a_taken_or_bad_name_makes_nothing(platform: None) -> None:
    provision("only-once", "Only once")
    with transaction(control_scope()) as session:
        before = [tenant.slug for tenant in list_tenants(session)]

    with pytest.raises(SlugTaken, match="exists already"):
        provision("only-once", "Again")
    for slug in ("admin", "x", "1shop", "Shop", "a" * 41, "a;drop"):
        with pytest.raises(BadSlug, match="cannot be a shop's address"):
            provision(slug, "Bad")

    with transaction(control_scope()) as session:
        assert [tenant.slug for tenant in list_tenants(session)] == before
