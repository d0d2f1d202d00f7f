from __future__ import annotations

import threading

from flask import Flask

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.catalog.update_product import update_product
from souk.kernel.db import transaction
from souk.kernel.events import Event
from souk.kernel.tenancy import TenantScope
from souk.web.language_prefix import LanguagePrefix
from souk.web.page_cache.entry import make_entry
from souk.web.page_cache.listener import Listener, end_all
from souk.web.page_cache.memory import Memory
from souk.web.page_cache.middleware import PageCache
from souk.web.page_cache.purge import keys_of, purge
from souk.web.page_cache.shared import purge_shared, read_epoch, read_page, store_page
from tests.fixtures.shops import make_shop
from tests.fixtures.watching import wait_for
from tests.web.conftest import ClientFor, host_of


def lamp(title: str) -> ProductDraft:
    return ProductDraft(title, (VariantDraft(500, inventory_tracked=False),), handle="lamp")


def test_a_page_is_kept_until_what_it_shows_changes(client_for: ClientFor, other_shop: TenantScope) -> None:
    scope = make_shop()
    client = client_for(scope)
    with transaction(scope) as session:
        product_id = save_product(session, lamp("Green lamp"))
    first, second = client.get("/products/lamp"), client.get("/products/lamp?utm_source=mail")

    with transaction(scope) as session:
        update_product(session, product_id, lamp("Blue lamp"))
    stale = client.get("/products/lamp")
    purge(scope, keys_of(Event("product.updated", product_id)))
    fresh = wait_for(lambda: "Blue lamp" in client.get("/products/lamp").text)

    assert first.headers["X-Souk-Cache"] == "miss"
    assert second.headers["X-Souk-Cache"] == "hit"
    assert "Green lamp" in stale.text
    assert fresh
    assert client_for(other_shop).get("/products/lamp").status_code == 404


def test_a_page_made_before_a_purge_is_not_kept_after_it(shop: TenantScope, other_shop: TenantScope) -> None:
    where = ("default", shop.tenant_id)
    epoch = read_epoch(*where)
    other_epoch = read_epoch("default", other_shop.tenant_id)

    purge_shared(*where, ["product-1"])

    assert not store_page(*where, "/late", epoch, b"old", ["product-1"])
    assert read_page(*where, "/late") is None
    assert store_page("default", other_shop.tenant_id, "/late", other_epoch, b"new", ["product-1"])


def test_a_purge_reaches_only_pages_of_its_shop_and_keys(shop: TenantScope, other_shop: TenantScope) -> None:
    for scope in (shop, other_shop):
        epoch = read_epoch("default", scope.tenant_id)
        assert store_page("default", scope.tenant_id, "/a", epoch, b"a", ["product-1", "listing"])
        assert store_page("default", scope.tenant_id, "/b", epoch, b"b", ["product-2"])

    purge_shared("default", shop.tenant_id, ["product-1"])

    assert read_page("default", shop.tenant_id, "/a") is None
    assert read_page("default", shop.tenant_id, "/b") == b"b"
    assert read_page("default", other_shop.tenant_id, "/a") == b"a"


def test_memory_refuses_an_entry_read_before_a_purge() -> None:
    memory = Memory()
    memory.heard = True
    purges = memory.purges
    entry = make_entry(b"x", frozenset(["product-1"]))

    memory.purge(1, ["product-9"])
    memory.put(1, "/", entry, purges)

    assert memory.get(1, "/") is None
    memory.put(1, "/", entry, memory.purges)
    assert memory.get(1, "/") is entry
    assert memory.get(2, "/") is None
    memory.purge(1, ["product-1"])
    assert memory.get(1, "/") is None


def test_memory_is_not_used_while_purges_are_not_heard(app: Flask) -> None:
    memory = Memory()
    memory.put(1, "/", make_entry(b"x", frozenset()), memory.purges)

    assert memory.get(1, "/") is None
    assert isinstance(app.wsgi_app, LanguagePrefix)
    assert isinstance(app.wsgi_app._app, PageCache)


def test_customers_and_unknown_parameters_and_posts_pass_by(client_for: ClientFor) -> None:
    scope = make_shop()
    client = client_for(scope)
    client.get("/")

    kept = client.get("/")
    unknown = client.get("/?campaign=7")
    not_modified = client.get("/", headers={"If-None-Match": kept.headers["ETag"]})
    head = client.head("/")
    client.set_cookie("souk_customer", "abc", domain=host_of(scope))
    signed_in = client.get("/")

    assert kept.headers["X-Souk-Cache"] == "hit"
    assert "X-Souk-Cache" not in signed_in.headers
    assert "X-Souk-Cache" not in unknown.headers
    assert not_modified.status_code == 304
    assert head.data == b""
    assert head.headers["X-Souk-Cache"] == "hit"


def test_who_hears_of_purges_can_be_ended(platform: None) -> None:
    """An app that was thrown away would otherwise ask Redis for ever, and log for ever when it is gone."""
    before, memory = set(threading.enumerate()), Memory()
    Listener([memory], "default").start()
    (thread,) = set(threading.enumerate()) - before
    assert wait_for(lambda: memory.heard)

    end_all()

    assert (thread.is_alive(), memory.heard) == (False, False)
