"""A shop's themes: exactly one is live, and no other shop is touched."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest
from sqlalchemy import func, select

from souk.kernel.db import transaction
from souk.kernel.models import OutboxEvent
from souk.kernel.tenancy import TenantScope
from tests.fixtures.shops import make_shop
from themes import installations
from themes.errors import UnknownTheme
from themes.installations import (
    TooManyThemes,
    add_theme,
    list_themes,
    theme_by_id,
)
from themes.overwrite import replace_files
from themes.publishing import publish_theme
from themes.work import read_theme, save_work

FILES = {"theme.json": "a" * 64}


def add(scope: TenantScope, name: str = "Tea") -> int:
    with transaction(scope) as session:
        return add_theme(session, name, "1.0.0", FILES)


def publish(scope: TenantScope, theme_id: int) -> None:
    with transaction(scope) as session:
        publish_theme(session, theme_id)


def roles(scope: TenantScope) -> dict[str, str]:
    """Return roles by name; every shop begins with Bazaar as its live theme."""
    with transaction(scope, read_only=True) as session:
        return {each.name: each.role for each in list_themes(session)}


def events(scope: TenantScope) -> int:
    query = select(func.count(OutboxEvent.id))
    with transaction(scope, read_only=True) as session:
        return session.execute(
            query.where(OutboxEvent.tenant_id == scope.tenant_id, OutboxEvent.name == "theme.updated")
        ).scalar_one()


def test_a_new_theme_is_not_live(other_shop: TenantScope) -> None:
    scope = make_shop()

    add(scope)

    assert roles(scope) == {"Bazaar": "main", "Tea": "unpublished"}
    assert roles(other_shop) == {"Bazaar": "main"}
    assert events(scope) == 0


def test_publishing_swaps_the_live_theme_and_tells_the_caches(other_shop: TenantScope) -> None:
    scope = make_shop()
    first, second = add(scope, "First"), add(scope, "Second")
    publish(scope, first)

    publish(scope, second)
    swapped = roles(scope)
    publish(scope, first)

    assert swapped == {"Second": "main", "First": "unpublished", "Bazaar": "unpublished"}
    assert roles(scope) == {"First": "main", "Second": "unpublished", "Bazaar": "unpublished"}
    assert events(scope) == 3
    assert events(other_shop) == 0


def test_another_shops_theme_cannot_be_published(platform: None) -> None:
    mine, theirs = make_shop(), make_shop()
    add(theirs)
    theme_id = add(theirs, "Theirs")

    with pytest.raises(UnknownTheme, match=f"no theme {theme_id}"):
        publish(mine, theme_id)
    with pytest.raises(UnknownTheme), transaction(mine) as session:
        theme_by_id(session, theme_id)
    with pytest.raises(UnknownTheme), transaction(mine) as session:
        replace_files(session, theme_id, "2.0.0", {})

    assert roles(theirs) == {"Bazaar": "main", "Tea": "unpublished", "Theirs": "unpublished"}
    assert roles(mine) == {"Bazaar": "main"}


def test_new_files_keep_what_the_merchant_set(platform: None) -> None:
    scope = make_shop()
    theme_id = add(scope)
    publish(scope, theme_id)
    with transaction(scope) as session:
        edited = read_theme(session, theme_id)
        work = replace(edited.work, settings={"text_color": "#abc"})
        save_work(session, theme_id, work, expected=edited.version, actor="staff:1")
        publish_theme(session, theme_id)

    with transaction(scope) as session:
        replace_files(session, theme_id, "2.0.0", {"theme.json": "b" * 64})

    with transaction(scope, read_only=True) as session:
        found = theme_by_id(session, theme_id)
    assert (found.base_version, found.files, found.settings) == (
        "2.0.0", {"theme.json": "b" * 64}, {"text_color": "#abc"},
    )  # fmt: skip


def test_a_shop_keeps_a_bounded_number_of_themes(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    scope = make_shop()
    monkeypatch.setattr(installations, "MAX_THEMES", 2)
    add(scope)

    with pytest.raises(TooManyThemes, match="at most 2"):
        add(scope)

    assert len(roles(scope)) == 2


def test_two_publications_at_once_leave_one_live_theme(platform: None) -> None:
    scope = make_shop()
    ids = [add(scope, name) for name in ("First", "Second")]
    failures: list[BaseException] = []

    def run(theme_id: int) -> None:
        try:
            publish(scope, theme_id)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    with transaction(scope) as session:
        publish_theme(session, ids[0])
        waiting = Thread(target=run, args=(ids[1],))
        waiting.start()
        waiting.join(0.3)
        held = waiting.is_alive()
    waiting.join(10)

    assert held
    assert failures == []
    assert roles(scope) == {"Second": "main", "First": "unpublished", "Bazaar": "unpublished"}
