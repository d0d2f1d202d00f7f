from __future__ import annotations

from flask import Flask

from souk.app import create_app
from souk.kernel.tenancy import TenantScope
from souk.web.page_cache.purge import CONSUMER, EVENTS, consume
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
    assert client_for("souk.test").get("/collections").status_code == 404


def test_every_event_that_changes_pages_purges_them(app: Flask) -> None:
    assert [consumers_of(name).get(CONSUMER) for name in EVENTS] == [consume] * len(EVENTS)


def test_the_application_may_be_composed_twice(app: Flask) -> None:
    assert len(list(create_app().url_map.iter_rules())) == len(list(app.url_map.iter_rules()))
