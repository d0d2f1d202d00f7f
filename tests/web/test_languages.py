"""A shop in several languages: the address of public pages, the cookie of private ones, and search engines."""

from __future__ import annotations

import re

import pytest

from souk.catalog.drafts import ProductDraft, VariantDraft
from souk.catalog.save_product import save_product
from souk.content.menus import save_menu
from souk.content.redirects import save_redirect
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor


@pytest.fixture(scope="module")
def polyglot(platform: None) -> TenantScope:
    scope = make_shop()
    with transaction(scope) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"locales": ["de", "ar"]})
        save_product(session, ProductDraft("Bowl", (VariantDraft(1250, inventory_tracked=False),)))
        save_menu(session, "main", "Main", [{"title": "All", "type": "url", "target": "/collections/all"}])
        save_redirect(session, "/old", "/products/bowl")
    return scope


def test_the_address_chooses_the_language_and_links_stay_in_it(client_for: ClientFor, polyglot: TenantScope) -> None:
    client = client_for(polyglot)

    plain, german, arabic = (client.get(f"{prefix}/products/bowl").text for prefix in ("", "/de", "/ar"))

    assert "Add to cart" in plain
    assert "In den Warenkorb" in german
    assert '<html lang="de" dir="ltr"' in german
    assert '<html lang="ar" dir="rtl"' in arabic
    assert 'href="/de/collections/all"' in german
    assert 'action="/de/cart/add"' in german
    assert 'href="/collections/all"' not in german
    assert "12,50" in german


def test_each_language_names_the_others(client_for: ClientFor, polyglot: TenantScope) -> None:
    page = client_for(polyglot).get("/de/products/bowl").text

    assert page.count('rel="canonical"') == 1
    assert '/de/products/bowl">' in page.partition('rel="canonical" href="')[2][:80]
    for tag, path in (("en", "/products/bowl"), ("de", "/de/products/bowl"), ("ar", "/ar/products/bowl")):
        assert f'hreflang="{tag}" href="http' in page
        assert f'{path}">' in page.partition(f'hreflang="{tag}" href="')[2][:80]
    assert 'hreflang="x-default"' in page


def test_kept_pages_do_not_mix_languages(client_for: ClientFor, polyglot: TenantScope) -> None:
    client = client_for(polyglot)

    for _ in range(2):
        assert "In den Warenkorb" in client.get("/de/products/bowl").text
        assert "Add to cart" in client.get("/products/bowl").text


def test_private_pages_remember_the_language(client_for: ClientFor, polyglot: TenantScope) -> None:
    client = client_for(polyglot)

    first = client.get("/de/cart")
    later = client.get("/cart")
    account = client.get("/account/sign-in")

    assert "souk_language=de" in first.headers["Set-Cookie"]
    assert "Warenkorb" in later.text
    assert '<html lang="de" dir="ltr">' in account.text
    assert 'href="/de/"' in account.text


def test_the_way_back_to_the_shops_own_language_reaches_the_cart(
    client_for: ClientFor, polyglot: TenantScope, other_shop: TenantScope
) -> None:
    client, other = client_for(polyglot), client_for(other_shop)
    german = client.get("/de/cart").text
    link = re.findall(r'<a href="([^"]+)" lang="en', client.get("/de/products/bowl").text)[0]

    back = client.get(link)
    cart = client.get("/cart").text
    again = client.get("/products/bowl?language=en")

    assert ("Warenkorb" in german, "Warenkorb" in cart) == (True, False)
    assert link.startswith("/products/bowl?language=en")
    assert "Add to cart" in back.text
    assert "souk_language=en" in back.headers["Set-Cookie"]
    # Nothing changes any more, and a visitor without a cookie needs none.
    assert "Set-Cookie" not in again.headers
    assert "Set-Cookie" not in other.get("/?language=de").headers
    # The interface for programs has parameters of its own.
    assert client.get("/api/v1/products/search?language=en").status_code == 422


def test_scripts_of_a_page_speak_its_language(client_for: ClientFor, polyglot: TenantScope) -> None:
    client = client_for(polyglot)
    client.get("/de/cart")

    told = client.get("/cart?sections=cart-drawer", headers={"Souk-Language": "en-US"})
    strange = client.get("/cart?sections=cart-drawer", headers={"Souk-Language": "xx"})

    assert "souk_language=en" in told.headers["Set-Cookie"]
    assert "Warenkorb" not in told.text
    assert ("Set-Cookie" in strange.headers, strange.status_code) == (False, 200)


def test_redirects_stay_in_the_language(client_for: ClientFor, polyglot: TenantScope) -> None:
    moved = client_for(polyglot).get("/de/old")

    assert (moved.status_code, moved.location) == (301, "/de/products/bowl")


@pytest.mark.parametrize("path", ["/fr/", "/fr/products/bowl", "/en/products/bowl", "/xx/"])
def test_a_language_that_is_not_published_has_no_pages(client_for: ClientFor, polyglot: TenantScope, path: str) -> None:
    assert client_for(polyglot).get(path).status_code == 404


def test_languages_of_one_shop_are_not_anothers(client_for: ClientFor, other_shop: TenantScope) -> None:
    assert client_for(other_shop).get("/de/").status_code == 404
    assert "hreflang" not in client_for(other_shop).get("/").text
