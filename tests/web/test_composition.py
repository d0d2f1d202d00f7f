from __future__ import annotations

import pytest
from flask import Flask

from souk.kernel.tenancy import TenantScope
from souk.sweeps import sweep_pod
from souk.worker.consumers import consumers_of
from tests.web.conftest import ClientFor


def test_each_surface_has_its_own_routes(client_for: ClientFor, shop: TenantScope) -> None:
    shop_page = client_for(shop).get("/")
    admin = client_for("admin.souk.test").get("/")
    base = client_for("souk.test").get("/")

    assert shop_page.status_code == 200
    assert admin.status_code == 302
    assert base.status_code == 200
    assert "X-Souk-Cache" in shop_page.headers
    assert "X-Souk-Cache" not in base.headers
    assert client_for("admin.souk.test").get("/products/lamp").status_code in {302, 404}
    assert client_for("souk.test").get("/collections").status_code == 404


@pytest.mark.parametrize(
    ("event", "consumers"),
    [
        ("product.updated", {"page_cache", "search", "plugins"}),
        ("order.placed", {"mail", "plugins"}),
        ("fulfillment.requested", {"fulfillment", "plugins"}),
        ("inventory.updated", {"page_cache", "availability", "search", "plugins"}),
    ],
)
def test_the_worker_hears_of_each_event(app: Flask, event: str, consumers: set[str]) -> None:
    assert set(consumers_of(event)) == consumers


def test_every_shop_of_a_pod_is_swept(app: Flask, shop: TenantScope, other_shop: TenantScope) -> None:
    sweep_pod("default")


def test_the_registrations_may_be_made_twice(app: Flask) -> None:
    from souk.app import create_app

    assert len(list(create_app().url_map.iter_rules())) == len(list(app.url_map.iter_rules()))
