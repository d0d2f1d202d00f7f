"""Themes through the admin API: listed, published, brought back, and another shop's never."""

from __future__ import annotations

import base64

import click
import httpx
import pytest
from click.testing import CliRunner

from cli.main import main
from cli.theme.remote import RemoteShop
from cli.theme.target import Push
from souk.kernel.db import transaction
from tests.api.admin.apps import App
from tests.fixtures.stores import Store
from tests.themes.small import small_theme
from themes.archive import pack, unpack
from themes.installations import add_work
from themes.work import Work

DOT = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'


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


def packed(**changed: str | bytes | None) -> str:
    return base64.b64encode(pack(small_theme(**changed))).decode()


def test_files_of_a_theme_are_listed_read_written_and_deleted(admin: App, other_admin: App) -> None:
    made = admin.post("/themes", {"archive": packed(), "name": "By API"})[1]["theme"]
    at = f"/themes/{made['id']}"

    paths = [each["path"] for each in admin.get(f"{at}/files")[1]["files"]]
    card = admin.get(f"{at}/file?path=snippets/card.html")[1]
    text = card["text"] + "<i>new</i>"
    sent = {"path": "snippets/card.html", "text": text, "version": card["version"]}
    written = admin.put(f"{at}/file", sent)
    late = admin.put(f"{at}/file", {**sent, "text": "late"})
    picture = admin.put(f"{at}/file", {"path": "assets/dot.svg", "content": base64.b64encode(DOT).decode()})
    gone = admin.delete(f"{at}/file?path=assets/dot.svg")
    needed = admin.delete(f"{at}/file?path=snippets/card.html")
    lost = admin.put(f"{at}/archive", {"archive": packed()})
    strange = [other_admin.get(f"{at}/files")[0], other_admin.get(f"{at}/file?path=theme.json")[0],
               other_admin.put(f"{at}/file", sent)[0], other_admin.delete(at)[0]]  # fmt: skip

    assert made["name"] == "By API"
    assert sorted(small_theme()) == paths
    assert (written[0], late[0], late[1]["code"], picture[0], gone[0]) == (200, 409, "theme_changed", 200, 200)
    assert (needed[0], needed[1]["code"]) == (422, "theme_refused")
    assert admin.get(f"{at}/file?path=snippets/card.html")[1]["text"] == text
    assert admin.get(f"{at}/file?path=nope.html")[0] == 404
    assert strange == [404] * 4
    assert (lost[0], lost[1]["code"], lost[1]["files"]) == (409, "theme_edited_in_shop", ["snippets/card.html"])
    assert admin.put(f"{at}/archive", {"archive": packed(), "force": True})[0] == 200
    assert admin.get(f"{at}/file?path=snippets/card.html")[1]["text"] != text


def test_whole_themes_are_exchanged_copied_and_deleted(admin: App) -> None:
    refused = admin.post("/themes", {"archive": packed(**{"snippets/card.html": "{{ itm }}"})})
    broken = admin.post("/themes", {"archive": "bWluZQ=="})
    unclear = admin.post("/themes", {"archive": packed(), "base_handle": "ledger"})
    before = len(admin.get("/themes")[1]["themes"])
    first = admin.post("/themes", {"base_handle": "ledger", "name": "Dense"})[1]["theme"]
    copy = admin.post("/themes", {"copy_of": first["id"]})[1]["theme"]
    newer = small_theme()["theme.json"].replace(b"1.0.0", b"1.1.0")

    swapped = admin.put(f"/themes/{copy['id']}/archive", {"archive": packed(**{"theme.json": newer})})[1]["theme"]
    fetched = unpack(admin.send("GET", f"/themes/{copy['id']}/archive").data)
    gone = [admin.delete(f"/themes/{each}")[0] for each in (first["id"], copy["id"])]
    live = admin.get("/themes")[1]["themes"][0]
    stays = admin.delete(f"/themes/{live['id']}")

    assert [refused[1]["code"], broken[1]["code"], unclear[1]["code"]] == [
        "theme_refused", "theme_archive", "one_theme_source",
    ]  # fmt: skip
    assert (first["base_handle"], copy["name"]) == ("ledger", "Copy of Dense")
    assert (swapped["base_handle"], swapped["base_version"]) == ("own", "1.1.0")
    assert fetched["theme.json"] == newer
    assert gone == [200, 200]
    assert (stays[0], stays[1]["code"]) == (409, "live_theme_stays")
    assert len(admin.get("/themes")[1]["themes"]) == before


def test_a_token_that_reads_themes_writes_none(store: Store) -> None:
    reader = App(store, "read_themes")

    assert reader.get("/themes")[0] == 200
    assert reader.post("/themes", {"base_handle": "ledger"})[0] == 403
    assert App(store, "read_products").get("/themes")[0] == 403


def test_the_commands_work_against_the_address_of_a_shop(store: Store, admin: App) -> None:
    shop = RemoteShop(f"http://{store.host}", admin.token, httpx.WSGITransport(app=store.app))

    made = shop.push(Push(small_theme(), "Small", "1.0.0", None, live=True))
    pulled = shop.pull(None)
    with pytest.raises(click.ClickException, match="unknown-object"):
        shop.push(Push(small_theme(**{"snippets/card.html": "{{ itm }}"}), "Small", "1.0.0", made, live=False))

    assert shop.themes()[0] | {"published_at": None} == {
        "id": made, "name": "Small", "role": "main", "version": "1.0.0", "files": "own", "published_at": None,
    }  # fmt: skip
    assert pulled == small_theme()
    assert "SOUK_TOKEN" in CliRunner().invoke(main, ["theme", "list", "http://x.test"], env={"SOUK_TOKEN": ""}).output
