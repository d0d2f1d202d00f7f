"""A locked storefront shows nothing but its password page, whatever is asked and whatever was kept before."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.kernel.db import transaction
from souk.kernel.passwords import WeakPassword
from souk.kernel.tenancy import TenantScope, control_scope
from souk.web.storefront_lock import is_open
from tenants import resolve
from tenants.storefront_password import (
    remove_storefront_password,
    set_storefront_password,
    storefront_password_hash,
)
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor, host_of

PASSWORD = "open sesame"
JSON = {"Accept": "application/json"}


def lock(scope: TenantScope, password: str = PASSWORD) -> None:
    with transaction(control_scope()) as session:
        set_storefront_password(session, scope.tenant_id, password)
    resolve._cache.clear()


def locked_shop() -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        save_product(session, ProductDraft("Secret lamp", (VariantDraft(500),), handle="lamp"))
    lock(scope)
    return scope


@pytest.fixture(scope="module")
def locked(platform: None) -> TenantScope:
    """A shop for those that only look."""
    return locked_shop()


def enter(client: FlaskClient, password: str = PASSWORD, return_to: str = "") -> int:
    return client.post("/password", data={"password": password, "return_to": return_to}).status_code


PAGES = [
    "/", "/products/lamp", "/products/lamp?variant=1", "/collections/all", "/search?q=lamp", "/cart", "/pages/about",
    "/sitemap.xml", "/account", "/checkout", "/nothing", "/?sections=main-product", "/products/lamp?sections=main",
    "//products/lamp", "/password/../products/lamp",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_leads_to_the_password(client_for: ClientFor, locked: TenantScope, path: str) -> None:
    client = client_for(locked)

    response = client.get(path)

    assert response.status_code in {302, 308, 404}
    assert "Secret lamp" not in response.text
    if response.status_code == 302:
        assert response.headers["Location"].startswith("/password")
        assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/cart.json", "/search/suggest?q=lamp", "/api/v1/products", "/products/lamp"])
def test_programs_are_told_why(client_for: ClientFor, locked: TenantScope, path: str) -> None:
    response = client_for(locked).get(path, headers=JSON)

    assert response.status_code == 403
    assert response.json is not None
    assert response.json["code"] == "storefront_locked"


def test_the_password_page_shows_the_theme_and_no_other_section(client_for: ClientFor, locked: TenantScope) -> None:
    client = client_for(locked)

    page = client.get("/password?sections=featured-collection&return_to=/products/lamp")

    assert page.status_code == 200
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert '<form action="/password" method="post"' in page.text
    assert '<input type="hidden" name="return_to" value="/products/lamp">' in page.text
    assert "Secret lamp" not in page.text


def test_assets_of_the_password_page_are_served_and_may_be_kept(client_for: ClientFor, locked: TenantScope) -> None:
    client = client_for(locked)
    address = re.search(r'href="(/theme/[^"]+\.css)"', client.get("/password").text)
    assert address is not None

    asset = client.get(address[1])

    assert asset.status_code == 200
    assert "immutable" in asset.headers["Cache-Control"]


def test_the_right_password_opens_the_page_that_was_asked_for(client_for: ClientFor, locked: TenantScope) -> None:
    client = client_for(locked)

    response = client.post("/password", data={"password": PASSWORD, "return_to": "/products/lamp"})
    page = client.get("/products/lamp")

    assert (response.status_code, response.headers["Location"]) == (303, "/products/lamp")
    assert "Secret lamp" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "X-Souk-Cache" not in page.headers


@pytest.mark.parametrize(
    "wanted", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "x", "/a\nb"]
)
def test_the_way_back_stays_in_the_shop(client_for: ClientFor, locked: TenantScope, wanted: str) -> None:
    client = client_for(locked)

    response = client.post("/password", data={"password": PASSWORD, "return_to": wanted})

    assert response.headers["Location"] == "/"


def test_a_wrong_password_says_so_and_opens_nothing(client_for: ClientFor) -> None:
    client = client_for(locked_shop())

    response = client.post("/password", data={"password": "wrong password"})

    assert response.status_code == 403
    assert "This is not the password" in response.text
    assert "Set-Cookie" not in response.headers
    assert client.get("/products/lamp").status_code == 302


def test_guessing_is_limited(client_for: ClientFor) -> None:
    client = client_for(locked_shop())

    answers = [enter(client, "wrong password") for _ in range(11)]

    assert answers == [403] * 10 + [429]


def test_a_page_kept_before_the_lock_is_not_served_after_it(client_for: ClientFor) -> None:
    scope = make_shop()
    with transaction(scope) as session:
        save_product(session, ProductDraft("Secret lamp", (VariantDraft(500),), handle="lamp"))
    client = client_for(scope)
    before = [client.get("/products/lamp").headers["X-Souk-Cache"] for _ in range(2)]

    lock(scope)
    after = client.get("/products/lamp")

    assert before == ["miss", "hit"]
    assert after.status_code == 302
    assert "Secret lamp" not in after.text


def test_a_page_seen_with_the_key_is_not_kept_for_others(client_for: ClientFor) -> None:
    scope = locked_shop()
    visitor = client_for(scope)
    enter(visitor)
    assert "Secret lamp" in visitor.get("/products/lamp").text

    stranger = client_for(scope).get("/products/lamp")

    assert stranger.status_code == 302
    assert "Secret lamp" not in stranger.text


def test_a_new_password_takes_the_old_key_away(client_for: ClientFor) -> None:
    scope = locked_shop()
    client = client_for(scope)
    enter(client)

    lock(scope, "another word")

    assert client.get("/products/lamp").status_code == 302
    assert enter(client) == 403
    assert enter(client, "another word") == 303
    assert client.get("/products/lamp").status_code == 200


def test_the_key_of_one_shop_opens_no_other(client_for: ClientFor) -> None:
    first, second = locked_shop(), locked_shop()
    client = client_for(first)
    enter(client)
    cookie = client.get_cookie("souk_storefront", host_of(first))
    assert cookie is not None
    other = client_for(second)

    answer = other.get("/products/lamp", headers={"Cookie": f"souk_storefront={cookie.value}"})

    assert answer.status_code == 302


def test_an_open_shop_has_no_password_page(client_for: ClientFor, shop: TenantScope) -> None:
    client = client_for(shop)

    assert client.get("/password").headers["Location"] == "/"
    assert client.post("/password", data={"password": "x"}).headers["Location"] == "/"


def test_removing_the_password_opens_the_shop(client_for: ClientFor) -> None:
    scope = locked_shop()

    with transaction(control_scope()) as session:
        remove_storefront_password(session, scope.tenant_id)
    resolve._cache.clear()

    assert client_for(scope).get("/products/lamp").status_code == 200


def test_another_sites_form_cannot_open_a_shop(client_for: ClientFor) -> None:
    client = client_for(locked_shop())

    response = client.post("/password", data={"password": PASSWORD}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers


def test_a_short_password_is_refused_and_nothing_is_locked(shop: TenantScope, other_shop: TenantScope) -> None:
    with pytest.raises(WeakPassword), transaction(control_scope()) as session:
        set_storefront_password(session, shop.tenant_id, "short")

    with transaction(control_scope()) as session:
        assert storefront_password_hash(session, shop.tenant_id) == ""


def test_locking_one_shop_leaves_the_other_open(client_for: ClientFor, other_shop: TenantScope) -> None:
    lock(make_shop())

    with transaction(control_scope()) as session:
        assert storefront_password_hash(session, other_shop.tenant_id) == ""
    assert client_for(other_shop).get("/").status_code == 200


def test_only_whole_names_are_open() -> None:
    answers = {path: is_open(path) for path in ("/theme/x/y.css", "/themes", "/passwords", "/mediax", "/admin/api/x")}

    assert [path for path, open_ in answers.items() if open_] == ["/theme/x/y.css", "/admin/api/x"]
