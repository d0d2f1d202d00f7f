"""Themes through the admin API: listed, published, brought back, and another shop's never."""

from __future__ import annotations

from souk.kernel.db import transaction
from tests.api.admin.apps import App
from tests.fixtures.stores import Store
from themes.installations import add_work
from themes.work import Work


def add(store: Store, **settings: object) -> str:
    with transaction(store.scope) as session:
        return f"theme_{add_work(session, 'Evening', Work('bazaar', settings=settings), actor='staff:1')}"


def test_a_theme_is_published_and_brought_back(store: Store, admin: App, other_admin: App) -> None:
    theme_id = add(store, logo_text="Evening")

    status, shown = admin.post(f"/themes/{theme_id}/publish")
    publications = admin.get("/theme-publications")[1]["publications"]
    back = admin.post(f"/theme-publications/{publications[1]['id']}/restore")
    strange = [other_admin.post(f"/themes/{theme_id}/publish")[0],
               other_admin.post(f"/theme-publications/{publications[0]['id']}/restore")[0]]  # fmt: skip

    assert (status, shown["id"], shown["role"]) == (200, theme_id, "main")
    assert [each["kind"] for each in publications] == ["published", "found"]
    assert publications[0]["actor"].startswith("app:")
    assert back[0] == 200
    assert [each["name"] for each in back[1]["themes"]] == ["Bazaar", "Evening"]
    assert strange == [404, 404]
    assert other_admin.get("/theme-publications")[1]["publications"] == []
    assert [each["name"] for each in other_admin.get("/themes")[1]["themes"]] == ["Bazaar"]


def test_a_theme_that_cannot_be_shown_is_refused_with_its_findings(store: Store, admin: App) -> None:
    theme_id = add(store, logo_width="wide")
    before = admin.get("/theme-publications")[1]

    status, problem = admin.post(f"/themes/{theme_id}/publish")

    assert (status, problem["code"]) == (422, "theme_refused")
    assert "logo_width" in problem["findings"][0]
    assert admin.get("/theme-publications")[1] == before
