"""Pages, posts, menus, redirects and pictures through the admin API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.admin.apps import App
from tests.api.admin.test_collections import picture, products_of

NOW = "2026-11-01T08:00:00Z"
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "pages": ({"title": "Care", "content_html": "<p>Oil it.<script>x</script></p>"}, {"title": "How to care"}),
    "articles": ({"title": "Care", "tags": ["wood"], "published_at": NOW}, {"excerpt": "Oil it."}),
    "menus": ({"title": "Care", "items": [{"title": "Home", "type": "home"}]}, {"title": "How to care"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_content_is_made_read_changed_and_deleted(kind: str, admin: App, other_admin: App) -> None:
    new, change = KINDS[kind]

    status, made = admin.post(f"/{kind}", new)

    path = f"/{kind}/{made['id']}"
    assert (status, made["handle"], "<script>" in str(made)) == (201, "care", False)
    assert admin.get(path) == (200, made)
    assert admin.get(f"/{kind}?handle=care")[1] == {kind: [made], "next_cursor": None}
    status, changed = admin.patch(path, change)
    expected = made | change | {"updated_at": changed["updated_at"]}
    assert (status, changed) == (200, expected)
    for answer in (other_admin.get(path), other_admin.patch(path, change), other_admin.delete(path)):
        assert answer[0] == 404
    assert other_admin.get(f"/{kind}?handle=care")[1][kind] == []
    reader = App(admin.store, "read_content")
    refused = (reader.post(f"/{kind}", new), reader.patch(path, change), reader.delete(path))
    assert [answer[0] for answer in refused] == [403] * 3
    assert reader.get(path) == (200, changed)
    assert admin.delete(path)[0] == 200
    assert admin.get(path)[0] == 404


def test_a_page_that_is_hidden_and_shown_again_leads_its_old_address_on(admin: App) -> None:
    page = admin.post("/pages", {"title": "Old", "published": False})[1]

    shown = admin.patch(f"/pages/{page['id']}", {"published": True, "handle": "new"})[1]

    assert (page["published_at"], shown["published_at"] is not None) == (None, True)
    assert admin.store.call("GET", "/pages/old").headers["Location"].endswith("/pages/new")


def test_links_of_a_menu_follow_what_they_lead_to(admin: App) -> None:
    product, page = products_of(admin)[0], admin.post("/pages", {"title": "Care"})[1]["id"]
    below = {"title": "Care", "type": "page", "target": page}
    items = [{"title": "Bowl", "type": "product", "target": product, "items": [below]}]
    menu = admin.post("/menus", {"title": "Main two", "items": items})[1]

    admin.patch(f"/pages/{page}", {"handle": "cleaning"})
    moved = admin.get(f"/menus/{menu['id']}")[1]["items"][0]["items"][0]
    admin.delete(f"/pages/{page}")
    lost = admin.get(f"/menus/{menu['id']}")[1]["items"][0]["items"][0]

    assert (moved["address"], moved["target"]) == ("/pages/cleaning", page)
    assert (lost["address"], lost["target"]) == ("", page)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/menus", {"title": "X", "items": [{"title": "X", "type": "product", "target": "prod_99999"}]}),
        ("/menus", {"title": "X", "items": [{"title": "X", "type": "page"}]}),
        ("/menus", {"title": "X", "items": [{"title": "X", "type": "url", "target": "javascript:alert(1)"}]}),
        ("/articles", {"title": "X", "media_id": "media_99999"}),
        ("/articles", {"title": "X", "tags": ["a,b"]}),
        ("/pages", {"title": "  "}),
        ("/redirects", {"path": "/old", "target": "//elsewhere.example"}),
    ],
)
def test_what_cannot_be_kept_changes_nothing(path: str, body: dict[str, Any], admin: App) -> None:
    before = admin.get(path)

    status, answer = admin.post(path, body)

    assert (status, bool(answer["detail"])) == (422, True)
    assert admin.get(path) == before


def test_a_redirect_leads_on_until_it_is_deleted(admin: App, other_admin: App) -> None:
    first = admin.post("/redirects", {"path": "/old-lamp", "target": "/collections"})[1]
    again = admin.post("/redirects", {"path": "/old-lamp", "target": "/search"})[1]

    assert (again["id"], again["target"]) == (first["id"], "/search")
    assert admin.get("/redirects?path=/old-lamp")[1]["redirects"] == [again]
    assert other_admin.get("/redirects")[1]["redirects"] == []
    assert other_admin.delete(f"/redirects/{first['id']}")[0] == 404
    assert admin.store.call("GET", "/old-lamp").status_code == 301
    assert admin.delete(f"/redirects/{first['id']}")[0] == 200
    assert admin.store.call("GET", "/old-lamp").status_code == 404


def test_a_picture_is_described_and_goes_when_nothing_shows_it(admin: App, other_admin: App) -> None:
    media = admin.post("/media", {"filename": "teal.png", "content": picture("teal")})[1]
    path = f"/media/{media['id']}"
    article = admin.post("/articles", {"title": "News", "media_id": media["id"]})[1]

    described = admin.patch(path, {"alt": "Teal", "focal_y": 90})
    refused = admin.delete(path)

    assert described == (200, media | {"alt": "Teal", "focal_y": 90, "used_by": ["the post “News”"]})
    assert (refused[0], refused[1]["code"], refused[1]["uses"]) == (409, "picture_in_use", ["the post “News”"])
    assert [one(path)[0] for one in (other_admin.get, other_admin.delete)] == [404, 404]
    assert admin.get(path) == described
    admin.patch(f"/articles/{article['id']}", {"media_id": None})
    assert admin.delete(path)[0] == 200
    assert admin.get(path)[0] == 404
