"""Written pages, menus and redirects."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from souk.catalog.collections import save_collection
from souk.catalog.drafts import CollectionDraft
from souk.content.menus import menus_by_handle
from souk.content.models import Menu, Page, Redirect
from souk.content.redirects import redirect_of
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.web_dashboard.conftest import SignedIn


def test_a_renamed_page_is_found_at_its_old_address(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    form = {"title": "About us", "content_html": "<p>Hi<script>x</script></p>", "kind": "page", "published": "on"}
    made = owner.post("~/pages/new", form)

    moved = owner.post(f"~/pages/{made.location.rpartition('/')[2]}", form | {"handle": "our-story"})

    assert (made.status_code, moved.status_code) == (303, 303)
    with transaction(shop, read_only=True) as session:
        html = session.execute(select(Page.content_html).where(Page.handle == "our-story")).scalar_one()
        target = redirect_of(session, "/pages/about-us")
    assert html == "<p>Hi</p>"
    assert target == "/pages/our-story"


def test_a_menu_follows_a_renamed_collection(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    with transaction(shop) as session:
        collection_id = save_collection(session, CollectionDraft(title="Old Lamps"))
    form = {
        "title": "Side", "i-0-title": "Lamps", "i-0-address": "/collections/old-lamps", "i-0-order": "2",
        "i-1-title": "Start", "i-1-address": "/", "i-1-order": "1", "i-2-title": "Blog", "i-2-depth": "2",
        "i-2-address": "https://example.com", "i-2-order": "3",
    }  # fmt: skip

    answer = owner.post("~/menus/new", form)
    with transaction(shop) as session:
        save_collection(session, CollectionDraft(title="New Lamps", handle="new-lamps"), collection_id)
        links = menus_by_handle(session, ["side"])["side"].links

    assert answer.status_code == 303, answer.text
    assert [(link.title, link.url) for link in links] == [("Start", "/"), ("Lamps", "/collections/new-lamps")]
    assert [link.url for link in links[1].links] == ["https://example.com"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/collections/none", ""])
def test_a_link_that_leads_nowhere_is_refused_and_kept(shop: TenantScope, signed_in: SignedIn, address: str) -> None:
    form = {"title": "Broken", "i-0-title": "KEEP-ME", "i-0-address": address}

    answer = signed_in(shop, "owner").post("~/menus/new", form)

    assert answer.status_code == 422
    assert 'value="KEEP-ME"' in answer.text
    with transaction(shop, read_only=True) as session:
        assert session.execute(select(Menu.id).where(Menu.handle == "broken")).first() is None


def test_redirects_are_added_and_removed(shop: TenantScope, signed_in: SignedIn) -> None:
    owner = signed_in(shop, "owner")
    query = select(Redirect.id).where(Redirect.path == "/from-here")

    answers = [
        owner.post("~/redirects", {"path": "/from-here", "target": "/collections/all"}).status_code,
        owner.post("~/redirects", {"path": "/from-here", "target": "//evil.example"}).status_code,
    ]
    with transaction(shop, read_only=True) as session:
        redirect_id = session.execute(query).scalar_one()
    answers.append(owner.post(f"~/redirects/{redirect_id}/delete").status_code)

    assert answers == [303, 422, 303]
    with transaction(shop, read_only=True) as session:
        assert session.execute(query).first() is None


def test_content_of_another_shop_is_neither_seen_nor_changed(
    shop: TenantScope, other_shop: TenantScope, signed_in: SignedIn
) -> None:
    owner, stranger = signed_in(shop, "owner"), signed_in(other_shop, "owner")
    page_id = int(owner.post("~/pages/new", {"title": "Private", "kind": "page"}).location.rpartition("/")[2])
    owner.post("~/menus/new", {"title": "Secret menu"})
    with transaction(shop, read_only=True) as session:
        menu_id = session.execute(select(Menu.id).where(Menu.handle == "secret-menu")).scalar_one()

    answers = [
        stranger.get(f"~/pages/{page_id}").status_code,
        stranger.post(f"~/pages/{page_id}/delete").status_code,
        stranger.get(f"~/menus/{menu_id}").status_code,
        stranger.post(f"~/menus/{menu_id}/delete").status_code,
    ]

    assert answers == [404, 404, 404, 404]
    assert "Private" not in stranger.get("~/pages").text
    assert "Secret menu" not in stranger.get("~/menus").text
    assert "Private" in owner.get("~/pages").text
