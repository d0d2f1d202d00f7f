from __future__ import annotations

import pytest

from souk.catalog.collections import delete_collection, save_collection
from souk.catalog.drafts import CollectionDraft
from souk.content.errors import ContentInvalid
from souk.content.menus import Link, menus_by_handle, save_menu
from souk.content.pages import PageDraft, pages_by_handle, save_page
from souk.content.redirects import redirect_of, save_redirect
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope


def test_a_menu_follows_renamed_targets_and_drops_deleted_ones(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        chairs = save_collection(session, CollectionDraft("Chairs"))
        tables = save_collection(session, CollectionDraft("Tables"))
        about = save_page(session, PageDraft("About us", "<p>Hello<script>x</script></p>"))
        items: list[dict[str, object]] = [
            {"title": "Home", "type": "home"},
            {"title": "Chairs", "type": "collection", "target": chairs,
             "items": [{"title": "About", "type": "page", "target": about}]},
            {"title": "Tables", "type": "collection", "target": tables},
        ]  # fmt: skip
        save_menu(session, "main", "Main menu", items)

        save_collection(session, CollectionDraft("Chairs", handle="seats"), chairs)
        delete_collection(session, tables)
        menu = menus_by_handle(session, ["main"])["main"]
        page = pages_by_handle(session, ["about-us"])["about-us"]
    with transaction(other_shop, read_only=True) as session:
        hidden = menus_by_handle(session, ["main"]), pages_by_handle(session, ["about-us"])

    assert menu.links == (
        Link("Home", "/"),
        Link("Chairs", "/collections/seats", (Link("About", "/pages/about-us"),)),
    )
    assert page.content_html == "<p>Hello</p>"
    assert hidden == ({}, {})


@pytest.mark.parametrize(
    "item",
    [
        {"title": "x", "type": "url", "target": "javascript:alert(1)"},
        {"title": "", "type": "home"},
        {"title": "x", "type": "moon"},
        {"title": "x", "type": "product", "target": "7"},
    ],
)
def test_a_link_that_leads_nowhere_is_refused(shop: TenantScope, item: dict[str, str]) -> None:
    with transaction(shop) as session:
        with pytest.raises(ContentInvalid):
            save_menu(session, "bad", "Bad", [item])

        assert menus_by_handle(session, ["bad"]) == {}


def test_a_redirect_stays_in_its_shop(shop: TenantScope, other_shop: TenantScope) -> None:
    with transaction(shop) as session:
        save_redirect(session, "/old", "/products/new")
        with pytest.raises(ContentInvalid):
            save_redirect(session, "/old", "//evil.example")
        own = redirect_of(session, "/old")
    with transaction(other_shop, read_only=True) as session:
        other = redirect_of(session, "/old")

    assert (own, other) == ("/products/new", None)
