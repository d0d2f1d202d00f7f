"""The editor's side of the dashboard: drafts that are saved and compared, code, pictures, updates."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from tests.fixtures.shops import make_shop
from tests.web_dashboard.conftest import BASE, SignedIn, Visitor
from themes.builtins import builtin_themes
from themes.installations import add_work
from themes.stored import keep_files
from themes.theme import load_builtin
from themes.work import Edited, Work, read_theme, read_themes


class Editor:
    """Somebody who has the editor of a theme open and sends what it sends."""

    def __init__(self, visitor: Visitor, theme_id: int) -> None:
        self.visitor = visitor
        self.path = f"~/themes/{theme_id}"
        page = visitor.get(f"{self.path}/edit")
        assert page.status_code == 200, page.text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
        data = re.search(r'id="editor-data">(.*?)</script>', page.text, re.DOTALL)
        assert token is not None
        assert data is not None
        self.token, self.data = token[1], json.loads(data[1])

    def post(self, path: str, body: Any, **sent: Any) -> tuple[int, Any]:
        address = f"{self.path}{path}".replace("~", f"/shops/{self.visitor.slug}")
        given = sent or {"json": body}
        answer = self.visitor.client.post(address, base_url=BASE, headers={"X-CSRFToken": self.token}, **given)
        return answer.status_code, answer.get_json(silent=True)

    def save(self, version: int, **layer: Any) -> tuple[int, Any]:
        return self.post("/draft", {"version": version, "settings": {}, "templates": {}, **layer})

    def code(self, version: int, path: str, text: str | None) -> tuple[int, Any]:
        return self.post("/code", {"version": version, "path": path, "text": text})


def live_of(scope: TenantScope) -> Edited:
    with transaction(scope, read_only=True) as session:
        return read_themes(session)[0]


@pytest.fixture
def scope(platform: None) -> TenantScope:
    return make_shop()


def test_a_draft_is_saved_by_version_and_shoppers_do_not_see_it(scope: TenantScope, signed_in: SignedIn) -> None:
    first, second = (Editor(signed_in(scope, role), live_of(scope).id) for role in ("admin", "owner"))
    version = first.data["state"]["version"]

    saved = first.save(version, settings={"logo_text": "Mine"})
    late = second.save(version, settings={"logo_text": "Theirs"})

    theme = live_of(scope)
    assert (saved[0], late[0], late[1]["by_name"]) == (200, 409, "Admin")
    assert (theme.drafted, theme.work.settings) == (True, {"logo_text": "Mine"})
    state = second.visitor.get(f"{second.path}/state?whole").get_json()
    assert (state["version"], state["settings"], state["others"]) == (version + 1, {"logo_text": "Mine"}, [])


def test_who_else_is_at_it_is_told(scope: TenantScope, signed_in: SignedIn) -> None:
    one, two = signed_in(scope, "admin"), signed_in(scope, "owner")
    path = f"~/themes/{live_of(scope).id}/state"

    one.get(path)

    assert two.get(path).get_json()["others"] == ["Admin"]
    assert one.get(path).get_json()["others"] == ["Owner"]


@pytest.mark.parametrize(
    "body",
    [[], {"version": "1"}, {"version": 1, "settings": {}, "templates": {"a": "\0"}}, {"version": 1, "settings": []}],
)
def test_a_draft_that_is_none_changes_nothing(scope: TenantScope, signed_in: SignedIn, body: Any) -> None:
    editor, before = Editor(signed_in(scope, "admin"), live_of(scope).id), live_of(scope)

    assert editor.post("/draft", body)[0] == 422
    assert live_of(scope) == before


def test_publishing_from_the_editor_takes_the_version_that_was_seen(scope: TenantScope, signed_in: SignedIn) -> None:
    editor = Editor(signed_in(scope, "admin"), live_of(scope).id)
    version = editor.save(editor.data["state"]["version"], settings={"logo_text": "Now"})[1]["version"]

    old = editor.post("/publish-now", {"version": version - 1})
    now = editor.post("/publish-now", {"version": version})

    assert (old[0], now[0]) == (409, 200)
    assert live_of(scope).drafted is False


def test_who_may_not_change_themes_gets_no_editor(scope: TenantScope, signed_in: SignedIn) -> None:
    visitor, theme_id = signed_in(scope, "viewer"), live_of(scope).id

    answers = [visitor.get(f"~/themes/{theme_id}/{part}").status_code for part in ("edit", "code", "state", "update")]

    assert answers == [403] * 4


def test_code_is_checked_when_it_is_saved(scope: TenantScope, signed_in: SignedIn) -> None:
    editor = Editor(signed_in(scope, "admin"), live_of(scope).id)
    version = editor.data["state"]["version"]

    wrong = editor.code(version, "snippets/badge.html", "<b>\n{{ a b }}</b>")
    untouched = live_of(scope).work.files
    right = editor.code(version, "snippets/badge.html", "<b>{{ shop.name }}</b>")

    assert (wrong[0], untouched) == (422, {})
    assert ("snippets/badge.html", 2) in {(each["file"], each["line"]) for each in wrong[1]["findings"]}
    assert right[0] == 200, right
    theme = live_of(scope)
    assert theme.work.base_files == builtin_themes()["bazaar"].manifest
    assert set(theme.work.files) - set(theme.work.base_files) == {"snippets/badge.html"}
    found = editor.visitor.get(f"{editor.path}/code/search?q=shop.name").get_json()["found"]
    assert "snippets/badge.html" in {each["path"] for each in found}


def test_a_template_that_is_edited_as_code_is_the_merchants_layer(scope: TenantScope, signed_in: SignedIn) -> None:
    editor = Editor(signed_in(scope, "admin"), live_of(scope).id)
    version, text = editor.data["state"]["version"], '{"sections": {}, "order": []}'

    broken = editor.code(version, "templates/page.json", "{")
    saved = editor.code(version, "templates/page.json", text)

    assert (broken[0], saved[0]) == (422, 200)
    assert live_of(scope).work.templates == {"templates/page.json": json.loads(text)}
    assert live_of(scope).work.files == {}


def test_an_update_of_a_changed_theme_becomes_a_draft(scope: TenantScope, signed_in: SignedIn) -> None:
    files = dict(load_builtin("bazaar").files)
    path = "snippets/wordmark.html"
    older = {**files, path: b"<b>older</b>\n", "snippets/old.html": b"<i>old</i>\n"}
    mine = {**older, path: b"<b>mine</b>\n", "snippets/extra.html": b"<i>extra</i>\n"}
    storage = media_storage(config())
    base, kept = keep_files(storage, older), keep_files(storage, mine)
    with transaction(scope) as session:
        work = Work("bazaar", "0.9.0", kept, base, {"logo_text": "Kept", "no_more": 1})
        theme_id = add_work(session, "Mine", work, actor="staff:1")
    visitor = signed_in(scope, "admin")

    shown = visitor.get(f"~/themes/{theme_id}/update")
    made = visitor.post(f"~/themes/{theme_id}/update", {f"file-{path}": "theirs"})

    assert shown.status_code == 200
    assert path in shown.text
    assert "no_more" in shown.text
    assert made.status_code == 303, made.text
    with transaction(scope, read_only=True) as session:
        updated = next(each for each in read_themes(session) if each.name.startswith("Mine 1"))
        assert read_theme(session, theme_id).work.files == kept
    assert updated.work.settings == {"logo_text": "Kept"}
    assert updated.work.files[path] == builtin_themes()["bazaar"].manifest[path]
    assert "snippets/extra.html" in updated.work.files
    assert "snippets/old.html" not in updated.work.files


def test_pictures_are_uploaded_described_and_found_by_their_shop_alone(
    app: Flask, scope: TenantScope, signed_in: SignedIn
) -> None:
    editor = Editor(signed_in(scope, "admin"), live_of(scope).id)
    other = signed_in(make_shop(), "admin")
    image = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(image, "PNG")
    editor.path = "~"

    kept = editor.post("/theme-media", None, data={"picture": (io.BytesIO(image.getvalue()), "red.png")})
    picture = kept[1]["picture"]
    bad = editor.post(f"/theme-media/{picture['id']}", {"alt": "", "focal_x": 101, "focal_y": 0})
    good = editor.post(f"/theme-media/{picture['id']}", {"alt": "Red", "focal_x": 10, "focal_y": 90})

    assert (kept[0], bad[0], good[0]) == (200, 422, 200)
    (found,) = editor.visitor.get("~/theme-media?q=red").get_json()["pictures"]
    assert (found["alt"], found["focal_x"], found["focal_y"]) == ("Red", 10, 90)
    assert other.get("~/theme-media").get_json()["pictures"] == []
