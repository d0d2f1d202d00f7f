from __future__ import annotations

import pytest

from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope, control_scope
from tenants import resolve
from tenants.domains import add_domain
from tenants.status import suspend
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor, host_of


@pytest.mark.parametrize("host", ["nobody.souk.test", "evil.example", "a b", "127.0.0.1"])
def test_an_unknown_host_is_404_before_any_shop(client_for: ClientFor, host: str) -> None:
    response = client_for(host).get("/products/x", headers={"Accept": "application/json"})

    assert response.status_code == 404
    assert response.json is not None
    assert response.json["code"] == "unknown_host"


@pytest.mark.parametrize("host", ["souk.test", "admin.souk.test", "127.0.0.1", "nobody.souk.test"])
def test_health_answers_on_every_host(client_for: ClientFor, host: str) -> None:
    client = client_for(host)

    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["checks"]["postgres"] == {"status": "ok"}
    assert ready.json["checks"]["redis"] == {"status": "ok"}


def test_another_domain_redirects_get_and_not_post(client_for: ClientFor) -> None:
    shop = make_shop()
    with transaction(control_scope()) as session:
        add_domain(session, shop.tenant_id, f"second-{shop.tenant_id}.example")
    client = client_for(f"second-{shop.tenant_id}.example")

    moved = client.get("/products/lamp?variant=7")
    api = client.get("/api/v1/nothing")
    slashes = client.get("//evil.example/x")

    assert moved.status_code == 301
    assert moved.headers["Location"] == f"http://{host_of(shop)}:8000/products/lamp?variant=7"
    assert api.status_code == 404
    assert slashes.headers["Location"].startswith(f"http://{host_of(shop)}:8000/")
    assert client.post("/nowhere").status_code == 405


def test_a_suspended_shop_is_closed_and_its_health_is_not(client_for: ClientFor) -> None:
    shop = make_shop("closing-down")
    with transaction(control_scope()) as session:
        suspend(session, "closing-down")
    resolve._cache.clear()

    client = client_for(shop)

    assert client.get("/").status_code == 503
    assert "closed for the moment" in client.get("/").text
    assert client.get("/healthz").status_code == 200


def test_metrics_are_shown_to_the_scraper_only(client_for: ClientFor, shop: TenantScope) -> None:
    assert client_for("127.0.0.1").get("/metrics").status_code == 200
    assert client_for(shop).get("/metrics").status_code == 404
    assert client_for("souk.test").get("/metrics").status_code == 404
    assert client_for("nobody.example").get("/metrics").status_code == 404


def test_a_program_gets_problem_details_and_a_person_a_page(client_for: ClientFor, shop: TenantScope) -> None:
    client = client_for(shop)

    program = client.get("/api/v1/none")
    person = client.get("/none", headers={"Accept": "text/html"})

    assert program.content_type == "application/problem+json"
    assert program.json is not None
    assert program.json["code"] == "not_found"
    assert program.json["status"] == 404
    assert person.content_type == "text/html; charset=utf-8"
    assert person.headers["X-Content-Type-Options"] == "nosniff"
