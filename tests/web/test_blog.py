"""The blog as readers, feed readers and search engines see it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from souk.content.articles import ArticleDraft, save_article
from souk.kernel import clock
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from tests.web.conftest import ClientFor

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def writing(platform: None) -> TenantScope:
    scope = make_shop()
    now = clock.now()
    with transaction(scope) as session:
        for number in range(14):
            tags = ("Glaze & fire", "Workshop") if number < 2 else ()
            shown = now - timedelta(days=number, seconds=1)
            text = f"<p>Text {number}</p>"
            draft = ArticleDraft(f"Post {number:02}", text, tags=tags, author="Ada", published_at=shown)
            save_article(session, draft)
        save_article(session, ArticleDraft("Hidden", "<p>Not yet</p>"))
        save_article(session, ArticleDraft("Tomorrow", "<p>Soon</p>", published_at=now + timedelta(days=1)))
        hostile = ArticleDraft("</script><b>x</b>", "<p onclick=x>y<script>alert(1)</script></p>", published_at=now)
        save_article(session, hostile)
    return scope


def test_the_list_shows_what_is_published_in_pages(client_for: ClientFor, writing: TenantScope) -> None:
    client = client_for(writing)

    first, second = client.get("/blog").text, client.get("/blog?page=2").text

    assert "Post 00" in first
    assert "Post 13" not in first
    assert "Post 13" in second
    assert 'href="/blog?page=2"' in first
    assert not {"Hidden", "Tomorrow"} & set(re.findall(r"Hidden|Tomorrow", first + second))


def test_a_tag_has_a_page_of_its_own(client_for: ClientFor, writing: TenantScope) -> None:
    client = client_for(writing)

    page = client.get("/blog/tagged/Glaze%20%26%20fire").text

    assert "Post 01" in page
    assert "Post 05" not in page
    assert client.get("/blog/tagged/nothing").status_code == 404


def test_a_post_has_structured_data_that_cannot_be_left(client_for: ClientFor, writing: TenantScope) -> None:
    client = client_for(writing)

    page = client.get("/blog/post-03").text
    hostile = client.get("/blog/script-b-x-b").text

    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    kinds = {thing["@type"]: thing for thing in json.loads(found)["@graph"]}
    assert kinds["BlogPosting"]["headline"] == "Post 03"
    assert kinds["BlogPosting"]["author"] == {"@type": "Person", "name": "Ada"}
    assert [step["name"] for step in kinds["BreadcrumbList"]["itemListElement"]] == ["Home", "Journal", "Post 03"]
    assert 'property="og:type" content="article"' in page
    assert "alert(1)" not in hostile
    assert "onclick" not in hostile
    (kept,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', hostile)
    assert json.loads(kept)["@graph"][1]["headline"] == "</script><b>x</b>"


@pytest.mark.parametrize("path", ["/blog/hidden", "/blog/tomorrow", "/blog/none"])
def test_what_is_not_published_is_not_there(client_for: ClientFor, writing: TenantScope, path: str) -> None:
    assert client_for(writing).get(path).status_code == 404


def test_the_feed_is_atom(client_for: ClientFor, writing: TenantScope) -> None:
    answer = client_for(writing).get("/blog.atom")

    feed = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert titles[:2] == ["</script><b>x</b>", "Post 00"]
    assert len(titles) == 15


def test_another_shop_sees_no_post(client_for: ClientFor, writing: TenantScope, other_shop: TenantScope) -> None:
    client = client_for(other_shop)

    assert "Post 00" not in client.get("/blog").text
    assert client.get("/blog/post-03").status_code == 404
    assert "Post" not in client.get("/blog.atom").text


def test_a_renamed_post_leads_on(client_for: ClientFor, writing: TenantScope) -> None:
    with transaction(writing) as session:
        saved = save_article(session, ArticleDraft("Old name", published_at=clock.now()))
        save_article(session, ArticleDraft("New name", published_at=clock.now()), saved)

    moved = client_for(writing).get("/blog/old-name")

    assert (moved.status_code, moved.location) == (301, "/blog/new-name")
