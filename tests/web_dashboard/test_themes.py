"""The theme library: drafts, previews, publishing with history, and the way back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update

from souk.kernel import clock
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from souk.worker.themes import publish_due_themes
from tests.fixtures.shops import make_shop
from tests.themes.small import small_theme
from tests.web_dashboard.conftest import SignedIn
from themes.archive import pack
from themes.code import write_file
from themes.library import duplicate_theme, schedule_theme
from themes.models import ThemeInstallation
from themes.publishing import Publication, list_publications
from themes.work import Edited, Work, read_theme, read_themes, save_work

ACTOR = "staff:1"


def themes_of(scope: TenantScope) -> list[Edited]:
    with transaction(scope, read_only=True) as session:
        return read_themes(session)


def history_of(scope: TenantScope) -> list[Publication]:
    with transaction(scope, read_only=True) as session:
        return list_publications(session)


def draft_of(scope: TenantScope, **settings: object) -> int:
    """Add a draft of the live theme with other settings."""
    with transaction(scope) as session:
        theme_id = duplicate_theme(session, read_themes(session)[0].id, actor=ACTOR)
        found = read_theme(session, theme_id)
        work = Work("bazaar", "1.0.0", settings=settings)
        save_work(session, theme_id, work, expected=found.version, actor=ACTOR)
    return theme_id


def zipped(**changed: bytes) -> BytesIO:
    return BytesIO(pack({**small_theme(), **{name.replace("__", "/"): text for name, text in changed.items()}}))


def test_a_theme_is_uploaded_duplicated_renamed_downloaded_and_deleted(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")

    taken = visitor.post("~/themes/upload", {"file": (zipped(), "tea.zip")})
    uploaded = next(each for each in themes_of(scope) if not each.live)
    visitor.post(f"~/themes/{uploaded.id}/duplicate")
    copy = next(each for each in themes_of(scope) if each.name.startswith("Copy of"))
    visitor.post(f"~/themes/{copy.id}/rename", {"name": " Evening "})
    file = visitor.get(f"~/themes/{copy.id}/download")
    page = visitor.get("~/themes").text
    visitor.post(f"~/themes/{copy.id}/delete")

    assert taken.status_code == 303
    assert (uploaded.name, uploaded.work.base_files) == ("Small", uploaded.work.files)
    assert (file.content_type, file.data[:2]) == ("application/zip", b"PK")
    assert "Evening" in page
    assert [each.name for each in themes_of(scope)] == ["Bazaar", "Small"]


def version(number: str, **changed: bytes) -> BytesIO:
    facts = {"name": "Small", "handle": "small", "version": number, "engine": "1"}
    return zipped(**{"theme.json": json.dumps(facts).encode(), **changed})


def test_a_newer_upload_updates_the_theme_under_the_merchants_changes(signed_in: SignedIn) -> None:
    scope, stranger = make_shop(), make_shop()
    visitor, other = signed_in(scope, "admin"), signed_in(stranger, "admin")
    visitor.post("~/themes/upload", {"file": (version("1.0.0"), "tea.zip")})
    first = next(each for each in themes_of(scope) if not each.live)
    work, _ = write_file(media_storage(config()), first.work, "assets/theme.css", b"body { margin: 1px }")
    with transaction(scope) as session:
        save_work(session, first.id, replace(work, settings={"gone": 1}), expected=first.version, actor=ACTOR)

    newer = version("1.1.0", **{"assets/theme.css": b"body { margin: 2px }", "snippets/card.html": b"<i>new</i>"})
    sent = visitor.post("~/themes/upload", {"file": (newer, "tea.zip")})
    second = max(each.id for each in themes_of(scope))
    shown = visitor.get(sent.location)
    refused = [other.get(f"~/themes/{first.id}/update?from={second}").status_code,
               visitor.get(f"~/themes/{first.id}/update?from=9999").status_code]  # fmt: skip
    taken = visitor.post(sent.location, {"file-assets/theme.css": "yours"})

    assert sent.location.endswith(f"/themes/{first.id}/update?from={second}")
    assert "Update Small to Small 1.1.0" in shown.text
    assert "1</b><small>files to decide" in shown.text
    assert (refused, taken.status_code) == ([404, 404], 303)
    kept, merged = (next(each for each in themes_of(scope) if each.id == number) for number in (first.id, second))
    assert (kept.work.base_version, kept.work.settings) == ("1.0.0", {"gone": 1})
    assert (merged.name, merged.work.base_version, merged.work.settings) == ("Small 1.1.0", "1.1.0", {})
    assert merged.work.files["assets/theme.css"] == kept.work.files["assets/theme.css"]
    assert merged.work.files["snippets/card.html"] != kept.work.files["snippets/card.html"]
    assert merged.work.base_files["assets/theme.css"] != merged.work.files["assets/theme.css"]


def test_a_refused_upload_shows_every_finding_and_changes_nothing(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    wrong = zipped(sections__main=b"", **{"sections__main.html": b"\n{{ a b }}", "snippets__x.html": b"{% oops %}"})

    refused = visitor.post("~/themes/upload", {"file": (wrong, "tea.zip")})
    damaged = visitor.post("~/themes/upload", {"file": (BytesIO(b"no zip"), "tea.zip")})

    assert refused.status_code == 422
    assert "sections/main.html:2" in refused.text
    assert "snippets/x.html:1" in refused.text
    assert damaged.status_code == 422
    assert [each.name for each in themes_of(scope)] == ["Bazaar"]


def test_publishing_is_kept_with_who_when_and_what(signed_in: SignedIn, other_shop: TenantScope) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    theme_id = draft_of(scope, logo_text="Evening")

    published = visitor.post(f"~/themes/{theme_id}/publish")

    newest, first = history_of(scope)
    page = visitor.get(f"~/themes/history/{newest.id}").text
    assert published.status_code == 303
    assert (newest.kind, newest.theme_id, first.kind) == ("published", theme_id, "found")
    assert newest.actor.startswith("staff:")
    assert themes_of(scope)[0].id == theme_id
    assert "Logo text" in page
    assert "Evening" in page
    assert history_of(other_shop) == []


def test_rolling_back_shows_the_former_state_and_keeps_what_was_worked_on(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    theme_id = draft_of(scope, logo_text="First")
    visitor.post(f"~/themes/{theme_id}/publish")
    first = history_of(scope)[0]
    with transaction(scope) as session:
        found = read_theme(session, theme_id)
        second = Work("bazaar", settings={"logo_text": "Second"})
        save_work(session, theme_id, second, expected=found.version, actor=ACTOR)
    visitor.post(f"~/themes/{theme_id}/publish")
    with transaction(scope) as session:
        found = read_theme(session, theme_id)
        third = Work("bazaar", settings={"logo_text": "Third"})
        save_work(session, theme_id, third, expected=found.version, actor=ACTOR)

    visitor.post(f"~/themes/history/{first.id}/restore")

    live = themes_of(scope)[0]
    assert (live.id, live.drafted, live.work.settings["logo_text"]) == (theme_id, True, "Third")
    assert shown(scope) == {"logo_text": "First"}
    assert [each.kind for each in history_of(scope)] == ["rolled_back", "published", "published", "found"]


def shown(scope: TenantScope) -> dict[str, object]:
    """Return the settings that shoppers see."""
    query = select(ThemeInstallation.settings).where(ThemeInstallation.role == "main")
    with transaction(scope, read_only=True) as session:
        settings: dict[str, object] = session.execute(query).scalar_one()
    return settings


def test_a_deleted_theme_can_be_brought_back_from_the_history(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "owner")
    theme_id = draft_of(scope, logo_text="Gone")
    bazaar = themes_of(scope)[0].id
    visitor.post(f"~/themes/{theme_id}/publish")
    visitor.post(f"~/themes/{bazaar}/publish")
    visitor.post(f"~/themes/{theme_id}/delete")

    visitor.post(f"~/themes/history/{history_of(scope)[1].id}/restore")

    assert shown(scope) == {"logo_text": "Gone"}
    assert len(themes_of(scope)) == 2


def test_settings_that_do_not_fit_are_not_published(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    theme_id = draft_of(scope, logo_width="wide", no_such=1)

    refused = visitor.post(f"~/themes/{theme_id}/publish")

    assert refused.status_code == 422
    assert "config/settings_data.json:" in refused.text
    assert shown(scope) == {}
    assert history_of(scope) == []


def test_a_scheduled_theme_is_published_when_its_hour_comes(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    scope = make_shop()
    good, bad = draft_of(scope, logo_text="Later"), draft_of(scope, logo_width="wide")
    hour = clock.now() + timedelta(hours=1)
    with transaction(scope) as session:
        schedule_theme(session, good, hour, actor=ACTOR)
        schedule_theme(session, bad, hour + timedelta(minutes=1), actor=ACTOR)
    early = publish_due_themes(scope)
    monkeypatch.setattr(clock, "now", lambda: hour + timedelta(minutes=2))

    due = publish_due_themes(scope)

    assert (early, due, publish_due_themes(scope)) == (0, 1, 0)
    assert shown(scope) == {"logo_text": "Later"}
    assert history_of(scope)[0].kind == "scheduled"
    refused = next(each for each in themes_of(scope) if each.id == bad)
    assert "logo_width" in refused.publish_problem


def test_a_schedule_is_read_by_the_shops_clock_and_can_be_taken_back(signed_in: SignedIn) -> None:
    scope = make_shop(timezone="Asia/Tokyo")
    visitor = signed_in(scope, "admin")
    theme_id = draft_of(scope)
    day = (clock.now() + timedelta(days=3)).date().isoformat()

    visitor.post(f"~/themes/{theme_id}/schedule", {"publish_at": f"{day}T09:00"})
    planned = {each.id: each.publish_at for each in themes_of(scope)}[theme_id]
    past = visitor.post(f"~/themes/{theme_id}/schedule", {"publish_at": "2020-01-01T09:00"})
    visitor.post(f"~/themes/{theme_id}/schedule", {"publish_at": ""})

    assert planned == datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=UTC)
    assert past.status_code == 422
    assert {each.id: each.publish_at for each in themes_of(scope)}[theme_id] is None


def test_who_may_not_change_themes_changes_nothing(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "fulfillment")
    theme_id = draft_of(scope)
    before = themes_of(scope)

    answers = [
        visitor.get("~/themes"),
        *(visitor.post(f"~/themes/{theme_id}/{verb}") for verb in ("publish", "delete", "duplicate", "share")),
        visitor.post("~/themes/upload", {"file": (zipped(), "tea.zip")}),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert themes_of(scope) == before


def test_the_live_theme_stays_and_a_name_is_a_name(signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    live = themes_of(scope)[0].id

    assert visitor.post(f"~/themes/{live}/delete").status_code == 409
    assert visitor.post(f"~/themes/{live}/rename", {"name": " "}).status_code == 422
    assert [each.name for each in themes_of(scope)] == ["Bazaar"]


class Previewed:
    """A browser on the preview host of a shop."""

    def __init__(self, app: Flask, slug: str) -> None:
        self.client = app.test_client()
        self.base = f"http://{slug}.preview.souk.test"

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        answer = self.client.get(path, base_url=self.base)
        return answer.status_code, answer.text, dict(answer.headers)


def link_of(text: str) -> str:
    found = re.search(r'data-copy="http://[^/]+(/_preview/open/[^"]+)"', text)
    assert found is not None
    return found[1]


def test_a_shared_preview_shows_the_draft_to_nobody_else_and_can_be_revoked(app: Flask, signed_in: SignedIn) -> None:
    scope, other = make_shop(), make_shop()
    visitor = signed_in(scope, "admin")
    theme_id = draft_of(scope, logo_text="Secret evening")
    link = link_of(visitor.post(f"~/themes/{theme_id}/share").text)
    guest, stranger = Previewed(app, visitor.slug), Previewed(app, visitor.slug)
    other_slug = signed_in(other, "admin").slug

    opened = guest.get(link)[0]
    status, html, headers = guest.get("/")
    found = re.search(r'name="link" value="([^"]+)"', visitor.get(f"~/themes/{theme_id}").text)
    closed, elsewhere = stranger.get("/")[0], Previewed(app, other_slug).get(link)[0]
    assert found is not None
    visitor.post(f"~/themes/{theme_id}/revoke", {"link": found[1]})

    assert (opened, status, closed, elsewhere, guest.get("/")[0]) == (303, 200, 403, 403, 403)
    assert "Secret evening" in html
    assert headers["Cache-Control"] == "private, no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Disallow: /\n" in stranger.get("/robots.txt")[1]


def test_the_editors_frame_is_for_the_dashboard_alone(app: Flask, signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    page = visitor.get("~/themes").text
    token = re.search(r"/\?pt=([^\"]+)\"", page)
    assert token is not None
    frame = Previewed(app, visitor.slug)

    status, html, headers = frame.get(f"/?pt={token[1]}")
    forged = frame.get(f"/?pt={token[1][:-4]}AAAA")[0]

    assert (status, forged) == (200, 403)
    assert "frame-ancestors http://admin.souk.test" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert "data-section-id" in html
    sheet = re.search(r'href="(/_preview/assets/[^"]+/theme\.css)"', html)
    assert sheet is not None
    assert frame.get(sheet[1])[0] == 200


def test_settings_that_are_not_saved_show_in_one_section_and_nowhere_else(app: Flask, signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    found = re.search(r"/\?pt=([^\"]+)\"", visitor.get("~/themes").text)
    assert found is not None
    template = {"sections": {"hi": {"type": "rich-text", "settings": {"heading": "Typed now"}}}, "order": ["hi"]}
    frame = Previewed(app, visitor.slug)

    answer = frame.client.post(
        f"/?sections=hi&pt={found[1]}",
        base_url=frame.base,
        json={"templates": {"templates/index.json": template}},
        headers={"X-Souk-Draft": "1"},
    )
    broken = frame.client.post(
        f"/?pt={found[1]}", base_url=frame.base, json={"templates": []}, headers={"X-Souk-Draft": "1"}
    )

    assert "Typed now" in answer.get_json()["hi"]
    assert "Typed now" not in frame.get(f"/?pt={found[1]}")[1]
    assert broken.status_code == 422


def test_the_checkout_is_shown_in_colours_that_are_not_saved(app: Flask, signed_in: SignedIn) -> None:
    scope = make_shop()
    visitor = signed_in(scope, "admin")
    address = re.search(r'data-preview="http://[^/]+([^"]+)"', visitor.get("~/branding").text)
    assert address is not None
    frame = Previewed(app, visitor.slug)

    status, html, headers = frame.get(f"{address[1]}&accent=%23ffee00&logo_text=Tea+House")
    refused = Previewed(app, visitor.slug).get("/_preview/checkout?accent=%23ffee00")[0]
    wrong = frame.get(f"{address[1]}&accent=red;}}")[1]

    assert (status, refused) == (200, 403)
    assert "--accent:#ffee00;--on-accent:#000000" in html
    assert "Tea House" in html
    assert "frame-ancestors http://admin.souk.test" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert "red;" not in wrong


def test_two_people_never_overwrite_each_other(platform: None) -> None:
    scope = make_shop()
    theme_id = draft_of(scope)
    version = next(each.version for each in themes_of(scope) if each.id == theme_id)
    with transaction(scope) as session:
        session.execute(update(ThemeInstallation).where(ThemeInstallation.id == theme_id).values(version=version + 1))

    with pytest.raises(Exception, match="Somebody else"), transaction(scope) as session:
        save_work(session, theme_id, Work("bazaar", settings={"x": 1}), expected=version, actor=ACTOR)

    assert next(each.work for each in themes_of(scope) if each.id == theme_id).settings == {}
